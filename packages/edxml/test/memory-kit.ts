/** Most memory in use while `work` runs, above what was in use before, bytes. */
export async function growth(work: (sample: () => void) => Promise<void>): Promise<number> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const before = used()
  let most = before
  await work(() => {
    most = Math.max(most, used())
  })
  return most - before
}
