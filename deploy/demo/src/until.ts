import { waitFor } from '@lienthong/test/kit'
import type { Report } from './report.ts'

export interface Patience {
  /** What is waited for, as the page says it. */
  readonly what: string
  readonly deadlineMs: number
}

type Truthy<Value> = Exclude<Value, false | 0 | '' | null | undefined>

/**
 * Resolves to the first truthy value of `condition`. What it throws passes through; past the deadline rejects with a
 * sentence in the audience's language. Shows progress when it takes long.
 */
export async function until<Value>(
  report: Report,
  condition: () => Value | Promise<Value>,
  { what, deadlineMs }: Patience,
): Promise<Truthy<Value>> {
  let thrown: { readonly error: unknown } | undefined
  const watched = async () => {
    try {
      return await condition()
    } catch (error) {
      thrown = { error }
      throw error
    }
  }
  try {
    return await report.during(report.say('demo.waiting', { what }), waitFor(watched, { what, deadlineMs }))
  } catch {
    if (thrown !== undefined) throw thrown.error
    throw new Error(report.say('demo.failed.waited', { what, seconds: Math.round(deadlineMs / 1_000) }))
  }
}
