/** How many asks a node answers: nobody can make it busy by asking, and none is answered twice. */
import type { NodeId } from '@lienthong/core'

const windowMs = 60_000
/** A minute, from one node and from all. */
export const asksPerMinute = { ofOne: 120, ofAll: 3_000 } as const

export interface AskLimit {
  /** False: too many, or one that has been answered. */
  admit(asker: NodeId, number: number): boolean
}

interface Window {
  readonly counts: Map<NodeId, number>
  readonly answered: Set<string>
}

export function createAskLimit(now: () => number): AskLimit {
  let began = now()
  let current: Window = emptyWindow()
  let before: Window = emptyWindow()
  return {
    admit(asker, number) {
      const elapsed = now() - began
      if (elapsed >= windowMs || elapsed < 0) {
        before = elapsed >= windowMs * 2 ? emptyWindow() : current
        current = emptyWindow()
        began = now()
      }
      const key = `${asker} ${number}`
      const count = current.counts.get(asker) ?? 0
      if (current.answered.has(key) || before.answered.has(key)) return false
      if (count >= asksPerMinute.ofOne || current.answered.size >= asksPerMinute.ofAll) return false
      current.counts.set(asker, count + 1)
      current.answered.add(key)
      return true
    },
  }
}

function emptyWindow(): Window {
  return { counts: new Map(), answered: new Set() }
}
