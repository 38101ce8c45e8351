/**
 * What has just become durable, told to whoever waits for it inside this process: no reader has to look into the store
 * again and again. Not kept: who comes later asks the store.
 */
import { type OrganId, RelayError } from '@lienthong/core'
import type { NodeChange, WaitOptions } from './doors.ts'

export interface News {
  tell(change: NodeChange): void
  watch(listener: (change: NodeChange) => void): () => void
  /**
   * True when `already` says so, or something is told about `organ` that `concerns`; false after `timeoutMs`. Listens before
   * it asks, so nothing falls in between. Rejects with the signal's reason, or NODE_STOPPING.
   */
  until(organ: OrganId, question: Question, options: Pick<WaitOptions, 'timeoutMs' | 'signal'>): Promise<boolean>
  /** Those who wait hear NODE_STOPPING; nobody waits any more. */
  close(): void
}

export interface Question {
  concerns(change: NodeChange): boolean
  already(): Promise<boolean>
}

interface Waiting {
  readonly hear: (change: NodeChange) => void
  readonly end: (error: Error) => void
}

/** Longer than any connection should wait, and within what a timer can hold. */
const longestWaitMs = 3_600_000

export function createNews(onListenerError: (error: unknown) => void): News {
  const listeners = new Set<(change: NodeChange) => void>()
  const waiting = new Map<OrganId, Set<Waiting>>()
  let closed = false

  function enter(organ: OrganId, one: Waiting): () => void {
    const others = waiting.get(organ) ?? new Set()
    waiting.set(organ, others.add(one))
    return () => {
      others.delete(one)
      if (others.size === 0 && waiting.get(organ) === others) waiting.delete(organ)
    }
  }

  return {
    tell(change) {
      const organ = change.type === 'arrived' ? change.notice.organ : change.from
      for (const { hear } of waiting.get(organ) ?? []) hear(change)
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (error) {
          onListenerError(error)
        }
      }
    },
    watch(listener) {
      // A set would take the same function once only.
      const own = (change: NodeChange) => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    until(organ, { concerns, already }, { timeoutMs, signal }) {
      if (closed) return Promise.reject(new RelayError('NODE_STOPPING'))
      if (signal?.aborted === true) return Promise.reject(reasonOf(signal))
      return new Promise<boolean>((resolve, reject) => {
        const finish = (settle: () => void) => {
          leave()
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          settle()
        }
        const onAbort = () => finish(() => reject(reasonOf(signal)))
        const leave = enter(organ, {
          hear: (change) => concerns(change) && finish(() => resolve(true)),
          end: (error) => finish(() => reject(error)),
        })
        const timer = setTimeout(() => finish(() => resolve(false)), Math.min(timeoutMs, longestWaitMs))
        signal?.addEventListener('abort', onAbort)
        already().then(
          (found) => found && finish(() => resolve(true)),
          (error: Error) => finish(() => reject(error)),
        )
      })
    },
    close() {
      closed = true
      listeners.clear()
      for (const others of [...waiting.values()]) {
        for (const { end } of [...others]) end(new RelayError('NODE_STOPPING'))
      }
    },
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason))
}
