/** A process of the bench's own, given one order after the other; it answers with one report or several. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Teardown } from '../kit/index.ts'

export interface Failed {
  readonly type: 'failed'
  readonly reason: string
}

export interface Forked<Order, Report> {
  order(order: Order): void
  /** The next report. Rejects when it is a failure, when the process ends, and after `deadlineMs`. */
  next(deadlineMs: number): Promise<Exclude<Report, Failed>>
}

/** Starts a compiled program beside this one, `counter.js`; it ends with this process. */
export function startForked<Order extends object, Report extends { readonly type: string }>(
  program: string,
  teardown: Teardown,
): Forked<Order, Report> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), { serialization: 'advanced' })
  teardown.after(() => void child.kill('SIGKILL'))
  return {
    order: (order) => void child.send(order),
    next: (deadlineMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => finish(new Error(`nothing from ${program} within ${deadlineMs} ms`)), deadlineMs)
        const heard = (report: Report | Failed): void =>
          'reason' in report ? finish(new Error(report.reason)) : finish(report as Exclude<Report, Failed>)
        const ended = (): void => finish(new Error(`${program} ended`))
        function finish(result: Exclude<Report, Failed> | Error): void {
          clearTimeout(timer)
          child.off('message', heard)
          child.off('exit', ended)
          if (result instanceof Error) reject(result)
          else resolve(result)
        }
        child.on('message', heard)
        child.once('exit', ended)
      }),
  }
}

/** The other end: runs each order, and says why one could not be carried out. */
export function onOrders<Order>(run: (order: Order) => Promise<void>): void {
  process.on('message', (order: Order) => {
    run(order).catch((error: unknown) => report<Failed>({ type: 'failed', reason: String(error) }))
  })
  process.on('disconnect', () => process.exit(0))
}

export function report<Report>(report: Report): void {
  process.send?.(report)
}
