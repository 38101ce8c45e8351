/**
 * The door of a running node for commands on the same machine.
 *
 * A Unix socket in the data folder, mode 0600: whoever may open it is the operator, and speaks for any
 * organisation this node serves, and for no other. The socket is made in a private folder and moved
 * into place, so that it is never there with wider permissions, and a stale one is replaced in one step.
 *
 * Bodies are streamed with backpressure both ways. A refusal while a body still comes in is answered at
 * once and the rest is thrown away, so that the client hears the reason instead of a broken pipe.
 */
import { once } from 'node:events'
import { chmod, lstat, mkdtemp, rename, rm, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { type Directory, type OrganId, RelayError } from '@lienthong/core'
import type { RelayLog, RelayNode } from '@lienthong/relay'
import { drained } from '../drained.ts'
import { explainRoute } from '../explain.ts'
import { parseWhole } from '../whole-number.ts'
import { type Call, type Route, required, sendJson, wholeOf } from './call.ts'
import { defaultPageItems, errorTrailer, itemBytesHeader, type MailPage, maxPageItems, refusalOf } from './protocol.ts'
import { checkSocketPath } from './socket-path.ts'
import { systemAnswers } from './system-answers.ts'

/** Room for some ten thousand recipients in a query. */
const maxHeaderSize = 1024 * 1024

export interface ControlServerOptions {
  /** For `routes explain`, which is refused with NOT_FOUND without one. */
  readonly directory?: Directory
  readonly log?: RelayLog
}

export interface ControlServer {
  readonly socketPath: string
  /** Takes nothing new, waits for what is under way up to `timeoutMs` (default 5 000), breaks off the rest. Idempotent. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** Starts listening. Throws CONTROL_PATH_TOO_LONG, STORE_LOCKED when another process listens there, FILE_UNWRITABLE. */
export async function openControlServer(
  node: RelayNode,
  socketPath: string,
  options: ControlServerOptions = {},
): Promise<ControlServer> {
  checkSocketPath(socketPath)
  await refuseLivingSocket(socketPath)
  const door = new ControlDoor(node, options)
  const server = createServer({ maxHeaderSize }, (request, response) => void door.answer(request, response))
  // A large packet over a slow disk takes as long as it takes; the header does not.
  server.requestTimeout = 0
  const inode = await listenPrivately(server, socketPath)
  let closing: Promise<void> | undefined
  return {
    socketPath,
    close: ({ timeoutMs = 5000 } = {}) => {
      closing ??= closeServer(server, { socketPath, inode, timeoutMs })
      return closing
    },
  }
}

class ControlDoor {
  readonly #node: RelayNode
  readonly #options: ControlServerOptions
  /** Method and path, in the order of `protocol.ts`. */
  readonly #answers: readonly Route[] = [
    ['POST', /^\/documents$/, (call) => this.#submit(call)],
    ['GET', /^\/mailbox$/, (call) => this.#list(call)],
    ['GET', /^\/mailbox\/([^/]+)$/, (call) => this.#read(call)],
    ['POST', /^\/mailbox\/([^/]+)\/ack$/, (call) => this.#acknowledge(call)],
    ['GET', /^\/track$/, (call) => this.#track(call)],
    ['GET', /^\/routes$/, (call) => this.#explain(call)],
    ...systemAnswers(() => this.#node.systems),
    ['GET', /^\/status$/, async ({ response }) => sendJson(response, await this.#node.status())],
  ]

  constructor(node: RelayNode, options: ControlServerOptions) {
    this.#node = node
    this.#options = options
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A write after the client has gone is reported here too; `writeAll` has seen it.
    response.on('error', () => undefined)
    try {
      const url = new URL(request.url ?? '/', 'http://node')
      for (const [method, path, answer] of this.#answers) {
        const match = path.exec(url.pathname)
        if (match === null || method !== request.method) continue
        return await answer({ request, response, query: url.searchParams, id: match[1] ?? '' })
      }
      throw new RelayError('NOT_FOUND', { detail: { what: `${request.method} ${url.pathname}` } })
    } catch (error) {
      this.#refuse(error, request, response)
    }
  }

  async #submit({ request, response, query }: Call): Promise<void> {
    const as = this.#servedHere(query)
    const to = query.getAll('to')
    // Leaving the loop early must not destroy the request, which carries the answer too.
    const body = request.iterator({ destroyOnReturn: false })
    const reply = await this.#node.submit({ as, body, ...(to.length === 0 ? {} : { to }) })
    sendJson(response, reply)
  }

  async #list({ response, query }: Call): Promise<void> {
    const as = this.#servedHere(query)
    const limit = Math.min(wholeOf(query, 'limit') ?? defaultPageItems, maxPageItems)
    const all = query.get('all') === 'true'
    const items = await this.#node.mailbox.list(as, { after: wholeOf(query, 'after') ?? 0, limit, all })
    const page: MailPage = { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    sendJson(response, page)
  }

  async #read({ response, query, id }: Call): Promise<void> {
    const { item, body } = await this.#node.mailbox.read(this.#servedHere(query), mailId(id))
    const head = Buffer.from(JSON.stringify(item))
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      [itemBytesHeader]: String(head.length),
      trailer: errorTrailer,
    })
    response.write(head)
    try {
      await writeAll(response, body)
    } catch (error) {
      this.#report(error)
      response.addTrailers({ [errorTrailer]: JSON.stringify(refusalOf(error)) })
    }
    response.end()
  }

  async #acknowledge({ response, query, id }: Call): Promise<void> {
    sendJson(response, await this.#node.mailbox.acknowledge(this.#servedHere(query), mailId(id)))
  }

  async #track({ response, query }: Call): Promise<void> {
    const [uid, documentId, number] = ['uid', 'documentId', 'number'].map((name) => query.get(name))
    const key = uid ? { uid } : documentId ? { documentId } : number ? { number } : null
    if (key === null) throw new RelayError('USAGE', { detail: { reason: 'uid, documentId, number' } })
    sendJson(response, await this.#node.track(key))
  }

  async #explain({ response, query }: Call): Promise<void> {
    const { directory } = this.#options
    if (directory === undefined) throw new RelayError('NOT_FOUND', { detail: { what: 'directory' } })
    const at = wholeOf(query, 'at') ?? Date.now()
    sendJson(response, explainRoute(directory, required(query, 'from'), required(query, 'to'), at))
  }

  /** The organisation named by `as`, in the directory's spelling. Throws SENDER_NOT_ALLOWED unless this very node serves it. */
  #servedHere(query: URLSearchParams): OrganId {
    const as = required(query, 'as')
    const listed = this.#node.table.listed(as)
    if (listed === null || listed.node !== this.#node.id) {
      throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: as } })
    }
    return listed.id
  }

  #refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    this.#report(error)
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    const refusal = refusalOf(error)
    sendJson(response, refusal, refusal.code === 'INTERNAL' ? 500 : 400)
    // What still comes in is read and dropped until the client has seen the answer.
    request.resume()
  }

  #report(error: unknown): void {
    const { log } = this.#options
    const node = this.#node.id
    if (error instanceof RelayError) {
      const { uid, ...detail } = error.detail
      const about = typeof uid === 'string' ? { uid } : {}
      log?.('debug', 'command refused', { node, ...about, code: error.code, detail })
    } else if (!isAbort(error)) log?.('error', 'command failed', { node, code: 'INTERNAL', detail: { error } })
  }
}

function mailId(written: string): number {
  const id = parseWhole(written)
  if (id === null) throw new RelayError('NOT_FOUND', { detail: { what: written } })
  return id
}

/** True for the error of a client that went away in the middle. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))
}

/** Writes at the reader's speed; stops taking from `body` when the reader has gone. */
async function writeAll(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    if (response.destroyed) return
    if (!response.write(chunk)) await drained(response)
  }
}

/** Another process listens there: it holds this node. Something that is no socket is left alone. */
async function refuseLivingSocket(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => null)
  if (found === null) return
  if (!found.isSocket()) throw new RelayError('FILE_UNWRITABLE', { detail: { file: socketPath, reason: 'EEXIST' } })
  const probe = connect(socketPath)
  const living = await new Promise<boolean>((resolve) => {
    probe.once('connect', () => resolve(true))
    probe.once('error', () => resolve(false))
  })
  probe.destroy()
  if (living) throw new RelayError('STORE_LOCKED', { detail: { dir: dirname(socketPath) } })
}

/** Listens in a folder only we can enter, then moves the socket into place. Returns its inode. */
async function listenPrivately(server: Server, socketPath: string): Promise<number> {
  const refuse = (cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'
    return new RelayError('FILE_UNWRITABLE', { detail: { file: socketPath, reason }, cause })
  }
  // Shorter than `control.sock`, so that a path that fits leaves room for this one.
  const folder = await mkdtemp(join(dirname(socketPath), '.c')).catch((error: unknown) => {
    throw refuse(error)
  })
  const path = join(folder, 's')
  try {
    server.listen(path)
    await once(server, 'listening')
    await chmod(path, 0o600)
    await rename(path, socketPath)
    return (await lstat(socketPath)).ino
  } catch (error) {
    server.close()
    throw refuse(error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function closeServer(
  server: Server,
  { socketPath, inode, timeoutMs }: { socketPath: string; inode: number; timeoutMs: number },
): Promise<void> {
  // A newer process may have put its own socket there.
  const found = await lstat(socketPath).catch(() => null)
  if (found?.ino === inode) await unlink(socketPath).catch(() => undefined)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearTimeout(timer)
}
