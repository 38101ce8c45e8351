import type { Socket } from 'node:net'

/** Bytes a flow holds for latency before it stops reading. */
const maxQueuedBytes = 4 * 1024 * 1024

export interface FlowOptions {
  readonly from: Socket
  readonly to: Socket
  readonly latencyMs: () => number
  /** Called before bytes are forwarded; returns how many of them may be. */
  readonly onBytes: (bytes: number) => number
  /** Called when bytes have been handed to the kernel. */
  readonly onWritten: () => void
}

/** One direction of a proxied connection: bytes in order, each late by the latency, then the end. */
export class Flow {
  readonly #options: FlowOptions
  readonly #queue: { readonly chunk: Buffer; readonly dueAt: number }[] = []
  #queuedBytes = 0
  #held = false
  #blocked = false
  #sourceEnded = false
  #over = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: FlowOptions) {
    this.#options = options
    options.from.on('data', (chunk: Buffer) => {
      this.#queue.push({ chunk, dueAt: performance.now() + options.latencyMs() })
      this.#queuedBytes += chunk.length
      this.#pump()
    })
    options.from.once('end', () => {
      this.#sourceEnded = true
      this.#pump()
    })
    options.to.on('drain', () => {
      this.#blocked = false
      this.#pump()
    })
  }

  /** Withholds everything, or lets it go on. */
  hold(held: boolean): void {
    this.#held = held
    this.#pump()
  }

  /** Forgets what is withheld. */
  end(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#queue.length = 0
  }

  #pump(): void {
    if (this.#over) return
    clearTimeout(this.#timer)
    while (!this.#held && !this.#blocked) {
      const next = this.#queue[0]
      if (next === undefined) break
      const waitMs = next.dueAt - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs)
        break
      }
      this.#queue.shift()
      this.#forward(next.chunk)
    }
    if (this.#sourceEnded && !this.#held && this.#queue.length === 0) {
      this.#over = true
      this.#options.to.end()
    }
    this.#readOn()
  }

  #forward(chunk: Buffer): void {
    this.#queuedBytes -= chunk.length
    const allowed = this.#options.onBytes(chunk.length)
    if (allowed === 0) return
    this.#blocked = !this.#options.to.write(chunk.subarray(0, allowed), () => this.#options.onWritten())
  }

  #readOn(): void {
    const { from } = this.#options
    if (this.#held || this.#blocked || this.#queuedBytes > maxQueuedBytes) from.pause()
    else from.resume()
  }
}
