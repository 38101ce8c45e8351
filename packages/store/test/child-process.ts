/** Child processes for tests: killed −9 at the latest when the test ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestContext } from './samples.ts'

export interface Child {
  /** Lines printed so far, growing. */
  readonly lines: readonly string[]
  /** Resolves when this line has been printed; rejects when the process ends first. */
  line(text: string): Promise<void>
  /** Resolves when at least so many lines have been printed. */
  count(lines: number): Promise<void>
  /** Ends it with SIGKILL and waits for its last output. */
  kill(): Promise<void>
}

/** Runs a compiled script beside this file. */
export function startChild(t: TestContext, script: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let ended = false
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  const closed = once(child, 'close').then(() => {
    ended = true
    for (const look of waiting) look()
  })

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!condition() && !ended) return
        waiting.delete(look)
        if (condition()) resolve()
        else reject(new Error(`the child ended after: ${lines.slice(-3).join(' | ')}`))
      }
      waiting.add(look)
      look()
    })
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await closed
  }
  t.after(kill)
  return {
    lines,
    line: (text) => until(() => lines.includes(text)),
    count: (wanted) => until(() => lines.length >= wanted),
    kill,
  }
}
