/**
 * A TCP proxy on loopback that fails on demand.
 *
 *     client ⇄ proxy ⇄ target
 *
 * - `pass`: forwards both ways.
 * - `silent`: a half-open line. Connections stay, new ones are accepted, nothing is forwarded: neither bytes nor the end
 *   of a connection, so that one side may be dead while the other believes in it. Bytes are withheld, as by a network
 *   that loses every packet: back to `pass` they go on, unless their connection has ended meanwhile.
 * - `refuse`: the listener is closed and all connections are reset; what was withheld is gone.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './ports.ts'
import { Flow } from './proxy-flow.ts'
import type { Teardown } from './teardown.ts'

export type ProxyMode = 'pass' | 'silent' | 'refuse'

type Direction = 'up' | 'down'

export interface ProxyOptions {
  readonly target: { readonly host: string; readonly port: number }
  /** Where `stop` is registered. */
  readonly teardown?: Teardown
  /** Port to listen on. @default a free one */
  readonly port?: number
}

export interface Proxy {
  /** On 127.0.0.1; the same in every mode. */
  readonly port: number
  readonly mode: ProxyMode
  /** Connections with a client, now. */
  readonly connections: number
  /** Bytes forwarded since the start, from clients to the target and back. */
  readonly forwarded: { readonly up: number; readonly down: number }
  /** Milliseconds by which each direction is late from now on. @default 0 */
  latencyMs: number
  /** Resolves when the new mode holds. */
  setMode(mode: ProxyMode): Promise<void>
  /** Resets all connections; new ones are served as before. */
  dropAll(): void
  /**
   * From now, sends exactly `bytes` more from clients to the target (`up`, the default) or back (`down`), over all
   * connections together, then resets them all (what was not read by then is never read). Once; a later call for
   * the same direction replaces an earlier one.
   */
  cutAfter(bytes: number, direction?: Direction): void
  /** Resets all connections and closes the listener. Idempotent. */
  stop(): Promise<void>
}

/** Starts in mode `pass`. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new FaultProxy(options.target, options.port ?? (await freePort()))
  options.teardown?.after(() => proxy.stop())
  await proxy.listen()
  return proxy
}

interface Pair {
  readonly client: Socket
  readonly target: Socket
  readonly flows: readonly Flow[]
  /** One side has ended while silence hid it from the other. */
  broken: boolean
}

class FaultProxy implements Proxy {
  readonly port: number
  readonly forwarded = { up: 0, down: 0 }
  latencyMs = 0
  readonly #target: { readonly host: string; readonly port: number }
  readonly #pairs = new Set<Pair>()
  #server: Server | undefined
  #mode: ProxyMode = 'pass'
  readonly #budget = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }

  constructor(target: { readonly host: string; readonly port: number }, port: number) {
    this.#target = target
    this.port = port
  }

  get mode(): ProxyMode {
    return this.#mode
  }

  get connections(): number {
    return this.#pairs.size
  }

  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client))
    server.listen({ host: '127.0.0.1', port: this.port })
    await once(server, 'listening')
    this.#server = server
  }

  async setMode(mode: ProxyMode): Promise<void> {
    this.#mode = mode
    if (mode === 'refuse') return this.#close()
    for (const pair of this.#pairs) {
      if (mode === 'pass' && pair.broken) this.#drop(pair)
      else for (const flow of pair.flows) flow.hold(mode === 'silent')
    }
    if (this.#server === undefined) await this.listen()
  }

  dropAll(): void {
    for (const pair of this.#pairs) this.#drop(pair)
  }

  cutAfter(bytes: number, direction: Direction = 'up'): void {
    this.#budget[direction] = bytes
    this.#cutWhenDue()
  }

  async stop(): Promise<void> {
    this.#mode = 'refuse'
    await this.#close()
  }

  async #close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server === undefined ? undefined : new Promise((resolve) => server.close(resolve))
    this.dropAll()
    await closed
  }

  #accept(client: Socket): void {
    const target = connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    const flow = (from: Socket, to: Socket, onBytes: (bytes: number) => number) =>
      new Flow({ from, to, onBytes, latencyMs: () => this.latencyMs, onWritten: () => this.#cutWhenDue() })
    const up = flow(client, target, (bytes) => this.#count(bytes, 'up'))
    const down = flow(target, client, (bytes) => this.#count(bytes, 'down'))
    const pair: Pair = { client, target, flows: [up, down], broken: false }
    this.#pairs.add(pair)
    for (const each of pair.flows) each.hold(this.#mode === 'silent')
    for (const socket of [client, target]) {
      // The reason is in 'close', which follows.
      socket.on('error', () => {})
      socket.once('close', (hadError) => this.#ended(pair, hadError))
    }
  }

  /** A side is gone: after an error the other follows, at once or when the silence ends. */
  #ended(pair: Pair, hadError: boolean): void {
    if (this.#mode === 'silent') pair.broken ||= hadError
    else if (hadError) this.#drop(pair)
    else if (pair.client.closed && pair.target.closed) this.#pairs.delete(pair)
  }

  #drop(pair: Pair): void {
    this.#pairs.delete(pair)
    for (const flow of pair.flows) flow.end()
    pair.client.resetAndDestroy()
    pair.target.resetAndDestroy()
  }

  /** How many of `bytes` may pass; the rest is cut off with the connections. */
  #count(bytes: number, direction: Direction): number {
    const allowed = Math.min(bytes, this.#budget[direction])
    this.#budget[direction] -= allowed
    this.forwarded[direction] += allowed
    return allowed
  }

  #cutWhenDue(): void {
    for (const direction of ['up', 'down'] as const) {
      if (this.#budget[direction] > 0) continue
      this.#budget[direction] = Number.POSITIVE_INFINITY
      this.dropAll()
    }
  }
}
