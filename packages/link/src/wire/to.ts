/**
 * `to` on the wire: single indices, and runs as [first, last], ascending; two neighbours always form a
 * run, so that every list has one form. "All 3,000 recipients" takes 6 bytes a segment.
 */
import { list, uint } from './fields.ts'
import { frameInvalid } from './refusal.ts'

type Run = number | readonly [first: number, last: number]

/** Throws FRAME_INVALID unless the indices ascend and stay below `recipients`. */
export function runsOf(to: readonly number[], recipients: number): readonly Run[] {
  if (to.length === 0) throw frameInvalid('to', 'names nobody')
  uint(to[0], 'to', recipients - 1)
  uint(to.at(-1), 'to', recipients - 1)
  const runs: Run[] = []
  for (let at = 0; at < to.length; ) {
    const first = to[at]!
    let last = first
    for (at++; at < to.length && to[at]! === last + 1; at++) last++
    if (at < to.length && !(to[at]! > last)) throw frameInvalid('to', 'does not ascend')
    runs.push(first === last ? first : [first, last])
  }
  return runs
}

/** The indices, all below `recipients`. Throws FRAME_INVALID. */
export function indicesOf(value: unknown, recipients: number): readonly number[] {
  const to: number[] = []
  for (const run of list(value, 'to', recipients, 1)) {
    const [first, last] = typeof run === 'number' ? [run, run] : list(run, 'to', 2, 2)
    const start = uint(first, 'to', recipients - 1)
    const end = uint(last, 'to', recipients - 1)
    const next = to.length === 0 ? 0 : to.at(-1)! + 2
    if (start < next || end < start || (end === start && typeof run !== 'number')) {
      throw frameInvalid('to', 'is not ascending single indices and runs')
    }
    for (let index = start; index <= end; index++) to.push(index)
  }
  return to
}
