import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two looks at the condition. */
const pollIntervalMs = 20

export interface WaitOptions {
  /** What is waited for, as the error says it: "the link to be open". */
  readonly what: string
  /**
   * Milliseconds until it is an error.
   * @default 10_000
   */
  readonly deadlineMs?: number
}

/**
 * Resolves to the first truthy value of `condition`, looked at every 20 ms. What `condition` throws passes through.
 * Rejects with an Error that names `what` after the deadline.
 */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  { what, deadlineMs = 10_000 }: WaitOptions,
): Promise<Exclude<Value, false | 0 | '' | null | undefined>> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await condition()
    if (value) return value as Exclude<Value, false | 0 | '' | null | undefined>
    if (performance.now() >= end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`)
    await sleep(pollIntervalMs)
  }
}
