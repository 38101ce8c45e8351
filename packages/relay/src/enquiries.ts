/** Asks other nodes how they stand, and waits for the one answer of each. */
import { randomInt } from 'node:crypto'
import type { Ask, NodeId, Standing } from '@lienthong/core'
import type { SignalPost } from './signal-post.ts'

const maxNumber = 0xffffffff

export interface Enquiries {
  /** null when no answer came in time. Never rejects. */
  ask(node: NodeId, question: Pick<Ask, 'uid' | 'generation' | 'organs'>, timeoutMs: number): Promise<Answered | null>
  /** An answer; one that nobody waits for, or of another node than was asked, is passed over. */
  heard(from: NodeId, standing: Standing): void
  close(): void
}

export interface Answered {
  readonly standing: Standing
  /** There and back. */
  readonly ms: number
}

interface Waiting {
  readonly node: NodeId
  readonly end: (standing: Standing | null) => void
}

export function createEnquiries(post: SignalPost): Enquiries {
  const waiting = new Map<number, Waiting>()
  // Answers to a life before this one are nobody's.
  let last = randomInt(1, maxNumber)

  return {
    ask(node, question, timeoutMs) {
      last = last >= maxNumber ? 1 : last + 1
      const number = last
      const began = performance.now()
      return new Promise((resolve) => {
        const timer = setTimeout(() => end(null), timeoutMs)
        function end(standing: Standing | null): void {
          clearTimeout(timer)
          waiting.delete(number)
          resolve(standing === null ? null : { standing, ms: performance.now() - began })
        }
        waiting.set(number, { node, end })
        post.send(node, 'express', { type: 'ask', number, ...question })
      })
    },
    heard(from, standing) {
      const found = waiting.get(standing.number)
      if (found?.node === from) found.end(standing)
    },
    close() {
      for (const { end } of waiting.values()) end(null)
    },
  }
}
