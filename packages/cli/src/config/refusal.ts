/** A refusal of a schema with a sentence of our own; `saidBy` takes it out again. */
import type { Language } from '@lienthong/core'

export type Say = (language: Language) => string

export function refusal(say: Say) {
  return { code: 'custom' as const, params: { say } }
}
