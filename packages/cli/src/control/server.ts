/**
 * The door for administration, for commands on the same machine.
 *
 * A Unix socket in the data folder, mode 0600: whoever may open it is administrator, and speaks for any
 * organisation this node serves, and for no other. The socket is made in a private folder and moved
 * into place, so that it is never there with wider permissions, and a stale one is replaced in one step.
 */
import { once } from 'node:events'
import { chmod, lstat, mkdtemp, rename, rm, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { RelayError } from '@lienthong/core'
import { type Caller, createAdminDoor } from '@lienthong/gateway/admin'
import type { RelayLog, RelayNode } from '@lienthong/relay'
import { checkSocketPath } from './socket-path.ts'

/** Room for some ten thousand recipients in a query. */
const maxHeaderSize = 1024 * 1024
/** How often Node looks for callers whose header does not come, ms. Only who may administer gets here; hundreds of nodes share a process. */
const connectionsCheckingInterval = 300_000

const caller: Caller = { role: 'administrator', operator: null }

export interface ControlServerOptions {
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
  { log }: ControlServerOptions = {},
): Promise<ControlServer> {
  checkSocketPath(socketPath)
  await refuseLivingSocket(socketPath)
  const door = createAdminDoor(node, log)
  const server = createServer({ maxHeaderSize, connectionsCheckingInterval }, (request, response) => {
    void door.answer({ request, response, caller, path: request.url ?? '/' })
  })
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
