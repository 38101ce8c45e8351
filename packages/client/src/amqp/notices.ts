/**
 * Hears that something arrived, from the system's own queue `lt.notify.<system>`. Notices may be lost and go to one
 * process of a system only, so they shorten the wait and nothing rests on them.
 */
import type { RelayError } from '@lienthong/core'
import type { Connection } from 'rabbitmq-client'
import { retryDelayMs } from '../retry.ts'
import { brokerAway } from './broker-away.ts'

export interface Notices {
  /** The queue is being read. */
  readonly isOpen: boolean
  /** Notices heard so far. */
  readonly count: number
  /** Resolves when `count` is above `heard`, the time is over or notices can no longer be heard. Rejects with the signal's reason. */
  next(heard: number, options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void>
  close(): void
}

export function listen(
  connection: Connection,
  { system, onTrouble }: { readonly system: string; readonly onTrouble: (error: RelayError) => void },
): Notices {
  const sleepers = new Set<() => void>()
  let isOpen = false
  let isClosed = false
  let count = 0
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function wake(): void {
    for (const each of [...sleepers]) each()
  }

  async function open(): Promise<void> {
    const channel = await connection.acquire({ emitErrorsFromChannel: true })
    channel.on('error', (error: unknown) => onTrouble(brokerAway(error)))
    channel.on('basic.cancel', () => void channel.close().catch(() => undefined))
    channel.once('close', again)
    await channel.basicConsume({ queue: `lt.notify.${system}`, noAck: true }, () => {
      count += 1
      wake()
    })
    isOpen = true
    failures = 0
  }

  /** After a failure of any kind; the channel's end and the failed step may both say so. */
  function again(): void {
    isOpen = false
    wake()
    if (isClosed || timer !== undefined) return
    failures += 1
    timer = setTimeout(start, retryDelayMs(failures, Math.random()))
    timer.unref()
  }

  function start(): void {
    timer = undefined
    if (!isClosed) void open().catch(again)
  }

  start()
  return {
    get isOpen() {
      return isOpen
    },
    get count() {
      return count
    },
    async next(heard, { timeoutMs, signal }) {
      signal.throwIfAborted()
      if (count > heard || !isOpen) return
      await new Promise<void>((resolve, reject) => {
        const done = () => {
          clearTimeout(late)
          sleepers.delete(done)
          signal.removeEventListener('abort', done)
          if (signal.aborted) reject(signal.reason as Error)
          else resolve()
        }
        const late = setTimeout(done, timeoutMs)
        sleepers.add(done)
        signal.addEventListener('abort', done, { once: true })
      })
    },
    close() {
      isClosed = true
      isOpen = false
      clearTimeout(timer)
      wake()
    },
  }
}
