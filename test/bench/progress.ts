/** A line about what has just been done. */
export type Progress = (line: string) => void

/** Lines with the seconds since the start, on standard error. */
export function openProgress(): Progress {
  const begin = performance.now()
  return (line) => {
    const seconds = ((performance.now() - begin) / 1_000).toFixed(0).padStart(4)
    process.stderr.write(`${seconds} s  ${line}\n`)
  }
}
