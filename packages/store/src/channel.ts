/** The main thread's side of the writer: calls of one turn of the event loop leave as one message. */
import { Worker } from 'node:worker_threads'
import { RelayError } from '@lienthong/core'
import { raise } from './writer/failure.ts'
import type { Answer, Call, OpenArguments, Report } from './writer/messages.ts'
import type { ArgumentsOf, OperationName, ResultOf } from './writer/operations.ts'

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** Calls on one store. */
export interface Channel {
  call<Name extends OperationName>(name: Name, args: ArgumentsOf<Name>): Promise<ResultOf<Name>>
  open(args: OpenArguments): Promise<void>
  /** After what was called before; later calls fail. */
  close(): Promise<void>
}

export interface Writer {
  /** `onReleased` hears of payload files that lost their last owner, after the answers of that transaction. */
  channel(onReleased: (sha256: readonly string[]) => void): Channel
  /** Ends the thread; open calls fail. Idempotent. */
  end(): Promise<void>
}

export function startWriter(): Writer {
  const worker = new Worker(new URL('./writer/worker.js', import.meta.url))
  const pending = new Map<number, Pending>()
  const listeners = new Map<number, (sha256: readonly string[]) => void>()
  let outgoing: Call[] = []
  let ended: RelayError | null = null
  let lastId = 0
  let lastStore = 0

  worker.on('message', (report: Report) => {
    for (const answer of report.answers) settle(answer)
    if (report.released.length > 0) listeners.get(report.store)?.(report.released)
  })
  worker.on('error', (error) => fail(new RelayError('STORE_FAILED', { cause: error })))
  worker.on('exit', () => fail(new RelayError('STORE_FAILED', { detail: { reason: 'the writer thread ended' } })))

  function settle(answer: Answer): void {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if ('failure' in answer) call?.reject(raise(answer.failure))
    else call?.resolve(answer.value as never)
  }

  function fail(error: RelayError): void {
    ended ??= error
    const calls = [...pending.values()]
    pending.clear()
    for (const call of calls) call.reject(ended)
  }

  function send<Result>(store: number, name: string, args: unknown): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (ended !== null) {
        reject(ended)
        return
      }
      lastId += 1
      pending.set(lastId, { resolve, reject })
      if (outgoing.length === 0) setImmediate(flush)
      outgoing.push({ id: lastId, store, name, args })
    })
  }

  function flush(): void {
    const calls = outgoing
    outgoing = []
    try {
      worker.postMessage(calls)
    } catch (error) {
      for (const { id } of calls) settle({ id, failure: { code: 'INTERNAL', detail: {}, reason: String(error) } })
    }
  }

  return {
    channel(onReleased) {
      lastStore += 1
      const store = lastStore
      listeners.set(store, onReleased)
      let closing: Promise<void> | null = null
      return {
        call: (name, args) => (closing === null ? send(store, name, args) : Promise.reject(closed())),
        open: (args) => send(store, 'open', args),
        close() {
          closing ??= send<void>(store, 'close', null).finally(() => listeners.delete(store))
          return closing
        },
      }
    },
    async end() {
      await worker.terminate()
    },
  }
}

function closed(): RelayError {
  return new RelayError('STORE_FAILED', { detail: { reason: 'the store is closed' } })
}
