/**
 * Brokers that test files borrow one after the other: to start one takes longer than most files do. Each file has its
 * brokers to itself, since accounts are common to all vhosts of one. A broker is lent as long as a connection to the
 * pool's socket is open, so that it comes back however its borrower ended.
 *
 *     asked for ──▶ starting ──▶ idle ──▶ lent ──connection closed──▶ being emptied ──▶ idle
 */
import { mkdtempSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Broker, startBroker } from './broker.ts'
import { emptyBroker } from './empty-broker.ts'
import { startKeeper } from './keeper.ts'
import type { Teardown } from './teardown.ts'

export interface BrokerPool {
  /** Path of the socket, for `borrowBroker`. */
  readonly socket: string
  /** Ends every broker, lent or not. */
  close(): Promise<void>
}

/** The line a borrower reads. */
export type Answer = Pick<Broker, 'amqpUrl' | 'managementUrl' | 'user' | 'password'> | { readonly error: string }

/** Starts no broker before one is asked for, and none while another is about to be free. */
export async function openBrokerPool(
  start: (teardown: Teardown) => Promise<Broker> = (teardown) => startBroker({ teardown }),
): Promise<BrokerPool> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-brokers-'))
  const keeper = startKeeper(folder)
  const stops: (() => void | Promise<void>)[] = []
  const idle: Broker[] = []
  const borrowers = new Set<Socket>()
  const waiting = new Set<Socket>()
  /** Brokers that start or are being emptied. */
  let coming = 0
  let closed = false

  function serve(): void {
    for (const borrower of waiting) {
      const broker = idle.shift()
      if (broker === undefined) break
      waiting.delete(borrower)
      const { amqpUrl, managementUrl, user, password } = broker
      answer(borrower, { amqpUrl, managementUrl, user, password })
      borrower.once('close', () => void prepare(() => emptied(broker)))
    }
    while (coming < waiting.size) void prepare(started)
  }

  async function prepare(work: () => Promise<Broker>): Promise<void> {
    if (closed) return
    coming += 1
    try {
      idle.push(await work())
    } catch (error) {
      for (const borrower of waiting) answer(borrower, { error: String(error) })
      waiting.clear()
    }
    coming -= 1
    serve()
  }

  async function started(): Promise<Broker> {
    if (closed) throw new Error('the pool is closed')
    return start({ after: (stop) => void stops.push(stop) })
  }

  async function emptied(broker: Broker): Promise<Broker> {
    try {
      await emptyBroker(broker)
      return broker
    } catch {
      await broker.stop()
      return started()
    }
  }

  const server = createServer((borrower) => {
    borrowers.add(borrower)
    waiting.add(borrower)
    borrower.on('error', () => {})
    borrower.once('close', () => {
      borrowers.delete(borrower)
      waiting.delete(borrower)
    })
    // Only who reads a stream sees its end.
    borrower.resume()
    serve()
  })
  const socket = join(folder, 'socket')
  await listen(server, socket)
  return {
    socket,
    async close() {
      closed = true
      server.close()
      for (const borrower of borrowers) borrower.destroy()
      await Promise.all(stops.map(async (stop) => stop()))
      await keeper.end()
    },
  }
}

function answer(borrower: Socket, line: Answer): void {
  borrower.write(`${JSON.stringify(line)}\n`)
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}
