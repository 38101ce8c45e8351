/**
 * Nodes by names of one's own, so that many are administered from one desk: `contexts.json` in the user's folder for
 * configuration, mode 0600. It says where each node is and where the operator's key lies, never the key itself.
 */
import { mkdir, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { RelayError } from '@lienthong/core'
import { readSmallFile, systemReason } from './config/read-file.ts'
import { socketPathOf } from './control/socket-path.ts'
import type { NodeAddress } from './control/transport.ts'
import type { Terminal } from './terminal.ts'
import { replaceFile } from './whole-file.ts'

/** Paths are absolute. */
export type NodeContext =
  | { readonly data: string }
  | { readonly url: string; readonly key: string; readonly ca?: string }

export interface NodeContexts {
  /** Spoken to when a command names no node. */
  readonly selected: string | null
  readonly nodes: ReadonlyMap<string, NodeContext>
}

const maxFileBytes = 1024 * 1024
const maxKeyBytes = 64 * 1024
const noContexts: NodeContexts = { selected: null, nodes: new Map() }

/** No context when there is no file, or no folder it could be in. Throws FILE_UNREADABLE, CONFIG_INVALID. */
export async function readContexts({ env }: Pick<Terminal, 'env'>): Promise<NodeContexts> {
  const file = fileIn(env)
  if (file === null) return noContexts
  let text: string
  try {
    text = await readSmallFile(file, { shown: file, maxBytes: maxFileBytes })
  } catch (error) {
    if (error instanceof RelayError && error.detail['reason'] === 'ENOENT') return noContexts
    throw error
  }
  const contexts = parsed(text)
  if (contexts === null) throw new RelayError('CONFIG_INVALID', { detail: { file, reason: 'JSON' } })
  return contexts
}

/** Whole or not at all. Throws FILE_UNWRITABLE. */
export async function writeContexts({ env }: Pick<Terminal, 'env'>, contexts: NodeContexts): Promise<void> {
  const file = fileIn(env)
  if (file === null) throw new RelayError('FILE_UNWRITABLE', { detail: { file: 'contexts.json', reason: 'HOME' } })
  const text = JSON.stringify({ selected: contexts.selected, nodes: Object.fromEntries(contexts.nodes) }, null, 2)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file, reason: systemReason(cause) }, cause })
  })
  await replaceFile(file, `${text}\n`)
}

/** Where that node is, with the key that opens it. Throws FILE_UNREADABLE, also for a key that others may read. */
export async function addressOf(context: NodeContext): Promise<NodeAddress> {
  if ('data' in context) return { socketPath: socketPathOf(context.data) }
  const { url, key: file, ca } = context
  const key = (await readSmallFile(file, { shown: file, maxBytes: maxKeyBytes })).trim()
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) {
    const reason = `mode ${(mode & 0o777).toString(8)}, chmod 600`
    throw new RelayError('FILE_UNREADABLE', { detail: { file, reason } })
  }
  if (ca === undefined) return { url, key }
  return { url, key, ca: await readSmallFile(ca, { shown: ca, maxBytes: maxKeyBytes }) }
}

/** The URL without what stands behind the host and port; null for one that an operator's key must not travel to. */
export function gatewayUrl(written: string): string | null {
  const url = URL.canParse(written) ? new URL(written) : null
  if (url === null || url.username !== '' || url.password !== '') return null
  const isHere = url.hostname === 'localhost' || url.hostname === '[::1]' || isLoopback4(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere) ? url.origin : null
}

function isLoopback4(host: string): boolean {
  return isIP(host) === 4 && host.startsWith('127.')
}

/** `$XDG_CONFIG_HOME/lienthong/contexts.json`, by default in `~/.config`. */
function fileIn(env: Terminal['env']): string | null {
  const [own = '', home = ''] = [env['XDG_CONFIG_HOME'], env['HOME']]
  const folder = own.startsWith('/') ? own : home.startsWith('/') ? join(home, '.config') : null
  return folder === null ? null : join(folder, 'lienthong', 'contexts.json')
}

function parsed(text: string): NodeContexts | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || !isRecord(value['nodes'])) return null
  const nodes = Object.entries(value['nodes']).filter((entry): entry is [string, NodeContext] => isNode(entry[1]))
  if (nodes.length !== Object.keys(value['nodes']).length) return null
  const { selected } = value
  const known = new Map(nodes)
  return { nodes: known, selected: typeof selected === 'string' && known.has(selected) ? selected : null }
}

function isNode(value: unknown): value is NodeContext {
  if (!isRecord(value)) return false
  const { data, url, key, ca } = value
  if (typeof data === 'string') return true
  return (
    typeof url === 'string' &&
    gatewayUrl(url) !== null &&
    typeof key === 'string' &&
    ['undefined', 'string'].includes(typeof ca)
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
