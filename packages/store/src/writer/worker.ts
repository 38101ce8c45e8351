/** Entry of the writer thread: takes everything that waits, one transaction per store, answers after its commit. */
import type { MessagePort } from 'node:worker_threads'
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { failAll, runBatch } from './batch.ts'
import { failureOf } from './failure.ts'
import type { Answer, Call, OpenArguments, Report } from './messages.ts'
import type { Session } from './session.ts'
import { openSession } from './session.ts'

function serve(port: MessagePort): void {
  const sessions = new Map<number, Session>()

  function handle(calls: readonly Call[]): void {
    const byStore = new Map<number, Call[]>()
    for (const call of calls) {
      const waiting = byStore.get(call.store)
      if (waiting === undefined) byStore.set(call.store, [call])
      else waiting.push(call)
    }
    for (const [store, waiting] of byStore) handleStore(store, waiting)
  }

  function handleStore(store: number, calls: readonly Call[]): void {
    let batch: Call[] = []
    const flush = () => {
      const session = sessions.get(store)
      if (batch.length > 0) report({ store, ...(session === undefined ? refuse(batch) : runBatch(session, batch)) })
      batch = []
    }
    for (const call of calls) {
      if (call.name !== 'open' && call.name !== 'close') {
        batch.push(call)
        continue
      }
      flush()
      report({ store, answers: [control(store, call)], released: [] })
    }
    flush()
  }

  function control(store: number, call: Call): Answer {
    try {
      if (call.name === 'open') sessions.set(store, openSession(call.args as OpenArguments))
      else {
        sessions.get(store)?.close()
        sessions.delete(store)
      }
      return { id: call.id, value: null }
    } catch (error) {
      return { id: call.id, failure: failureOf(error) }
    }
  }

  function refuse(calls: readonly Call[]): Omit<Report, 'store'> {
    const reason = 'the store is not open'
    return { answers: failAll(calls, { code: 'STORE_FAILED', detail: { reason }, reason }), released: [] }
  }

  function report(message: Report): void {
    port.postMessage(message)
  }

  port.on('message', (first: readonly Call[]) => {
    const calls = [...first]
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
      calls.push(...(more.message as readonly Call[]))
    }
    handle(calls)
  })
}

if (parentPort !== null) serve(parentPort)
