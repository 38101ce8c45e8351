/** Readers of single fields: each returns the value in its TypeScript form or throws FRAME_INVALID. */
import type { NodeId, Path, PathEntry, Sending } from '@lienthong/core'
import { maxAbout, maxHops } from '@lienthong/core'

import { maxIdBytes } from './limits.ts'
import { frameInvalid } from './refusal.ts'

/** One more than the hop limit, so that the node where a loop is noticed can still read it. */
const maxPathEntries = maxHops + 1

export const maxGeneration = 0xffff

/** An integer from `min` (default 0) to `max` (default 2^53 - 1). */
export function uint(value: unknown, what: string, max: number = Number.MAX_SAFE_INTEGER, min = 0): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw frameInvalid(what, `is not an integer from ${min} to ${max}`)
  }
  return value
}

/** Text of 1 to `maxBytes` bytes of UTF-8. */
export function text(value: unknown, what: string, maxBytes: number = maxIdBytes): string {
  if (typeof value !== 'string' || value === '') throw frameInvalid(what, 'is not text')
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes) {
    throw frameInvalid(what, `is longer than ${maxBytes} bytes`)
  }
  return value
}

/** 32 bytes as 64 hex digits. */
export function digest(value: unknown, what: string): string {
  const view = bytes(value, what, 32)
  if (view.length !== 32) throw frameInvalid(what, 'is not 32 bytes')
  return Buffer.from(view.buffer, view.byteOffset, 32).toString('hex')
}

/** A byte string of at most `max` bytes: a view, not a copy. */
export function bytes(value: unknown, what: string, max: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw frameInvalid(what, 'is not a byte string')
  if (value.length > max) throw frameInvalid(what, `is longer than ${max} bytes`)
  return value
}

/** An array of `min` to `max` values. */
export function list(value: unknown, what: string, max: number, min = 0): readonly unknown[] {
  if (!Array.isArray(value)) throw frameInvalid(what, 'is not an array')
  if (value.length < min || value.length > max) throw frameInvalid(what, `has not ${min} to ${max} entries`)
  return value
}

/** A map whose keys are integers from 0, ascending. */
export function intMap(value: unknown, what: string): ReadonlyMap<number, unknown> {
  if (!(value instanceof Map)) throw frameInvalid(what, 'is not a map')
  let last = -1
  for (const key of value.keys()) {
    if (typeof key !== 'number' || key <= last) throw frameInvalid(what, 'has keys that are not ascending integers')
    last = key
  }
  return value as ReadonlyMap<number, unknown>
}

/** Different ids, 1 to `max` of them. */
export function ids(value: unknown, what: string, max: number): readonly NodeId[] {
  const all = list(value, what, max, 1).map((id) => text(id, what))
  if (new Set(all).size !== all.length) throw frameInvalid(what, 'names one twice')
  return all
}

export function path(value: unknown, what: string): Path {
  return list(value, what, maxPathEntries).map((entry): PathEntry => {
    const [node, version, at] = list(entry, what, 3, 3)
    return { node: text(node, what), version: uint(version, what), at: uint(at, what) }
  })
}

export function pathItems(path: Path): readonly (readonly [NodeId, number, number])[] {
  return path.map(({ node, version, at }) => [node, version, at])
}

/** 64 lower-case hex digits as 32 bytes. */
export function digestBytes(hex: string, what: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw frameInvalid(what, 'is not 64 lower-case hex digits')
  return Buffer.from(hex, 'hex')
}

/** Half of a surrogate pair has no UTF-8: it would be written as something else. */
export function writableText(value: string, what: string): string {
  if (/\p{Surrogate}/u.test(value)) throw frameInvalid(what, 'is not well-formed Unicode')
  return value
}

/** Documents that a packet means. */
export function sendingItems(all: readonly Sending[], what: string): readonly unknown[] {
  return all.map(({ uid, generation }) => [digestBytes(uid, what), generation])
}

export function sendings(value: unknown, what: string): readonly Sending[] {
  const all = list(value, what, maxAbout, 1).map((entry): Sending => {
    const [uid, generation] = list(entry, what, 2, 2)
    return { uid: digest(uid, what), generation: uint(generation, what, maxGeneration, 1) }
  })
  if (new Set(all.map(({ uid }) => uid)).size !== all.length) throw frameInvalid(what, 'names one twice')
  return all
}
