/** The bench's end of the counting process. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Teardown } from '../kit/index.ts'
import type { CounterReport, CountOrder } from './counter-contract.ts'

export type Count = Extract<CounterReport, { type: 'counted' }>

export interface Counter {
  /** Resolves when it consumes; `counted` when all ordered documents have come, and rejects after `deadlineMs`. */
  count(order: CountOrder, deadlineMs?: number): Promise<{ readonly counted: Promise<Count> }>
}

const countDeadlineMs = 180_000

/** Starts the process; it ends with this one. */
export function startCounter(teardown: Teardown): Counter {
  const child = fork(fileURLToPath(new URL('./counter.js', import.meta.url)), { serialization: 'advanced' })
  teardown.after(() => void child.kill('SIGKILL'))

  function next(deadlineMs: number): Promise<CounterReport> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`nothing counted within ${deadlineMs} ms`)), deadlineMs)
      const heard = (report: CounterReport): void =>
        report.type === 'failed' ? finish(new Error(report.reason)) : finish(report)
      const ended = (): void => finish(new Error('the counting process ended'))
      function finish(result: CounterReport | Error): void {
        clearTimeout(timer)
        child.off('message', heard)
        child.off('exit', ended)
        if (result instanceof Error) reject(result)
        else resolve(result)
      }
      child.on('message', heard)
      child.once('exit', ended)
    })
  }

  return {
    async count(order, deadlineMs = countDeadlineMs) {
      child.send(order)
      await next(deadlineMs)
      const counted = next(deadlineMs) as Promise<Count>
      // Whoever ordered may fail before it looks at this.
      counted.catch(() => {})
      return { counted }
    },
  }
}
