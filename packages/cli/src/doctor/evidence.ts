/** What the doctor looks at, each thing by itself, so that one that is down hides no other. */
import { access, constants, stat, statfs } from 'node:fs/promises'
import { connect as connectPlain, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ErrorCode, RelayError } from '@lienthong/core'
import type { NodeHealth } from '@lienthong/relay'
import { connectControl } from '../control/client.ts'
import type { NodeAddress } from '../control/transport.ts'

export interface Evidence {
  /** As the user named it; null when only the node itself can be asked. */
  readonly file: string | null
  /** What systemd calls the node, when its node.yaml is where the service has it. */
  readonly service: string | null
  /** What is wrong with the file, in the user's language. */
  readonly problems: readonly string[]
  readonly data: DataFolder | null
  readonly broker: (Place & { readonly user: string; readonly management: Management }) | null
  readonly parent: (Place & { readonly node: string }) | null
  readonly node: NodeHealth | { readonly code: ErrorCode; readonly reason: string }
}

export interface DataFolder {
  readonly path: string
  readonly state: 'fine' | 'missing' | 'denied'
  readonly freePercent: number | null
}

export interface Place {
  readonly place: string
  readonly reach: Reach
}

/** How far one gets: `away` before, `tls` at the certificate. */
export type Reach = { readonly step: 'fine' } | { readonly step: 'away' | 'tls'; readonly reason: string }

export interface Management {
  readonly place: string
  /** `alarm`: the broker holds publishers back. It tells them only when they next publish. */
  readonly state: 'fine' | 'denied' | 'away' | 'alarm'
  readonly reason: string
}

/** For one thing to answer, ms. */
const timeoutMs = 5_000

export async function lookAtFolder(path: string): Promise<DataFolder> {
  const found = await stat(path).catch(() => null)
  if (found === null) return { path, state: 'missing', freePercent: null }
  const writable = await access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  const space = await statfs(path).catch(() => null)
  const freePercent = space === null ? null : (100 * space.bavail) / Math.max(1, space.blocks)
  return { path, state: writable ? 'fine' : 'denied', freePercent }
}

/** Connects as the node would, and leaves. */
export function reach(written: string, ca?: string): Promise<Reach> {
  const url = new URL(written)
  const isTls = url.protocol === 'amqps:' || url.protocol === 'https:'
  const usual = { 'amqp:': 5672, 'amqps:': 5671, 'https:': 443 }[url.protocol] ?? 80
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? usual : Number(url.port)
  return new Promise((resolve) => {
    let connected = false
    const socket = isTls
      ? connectTls({
          host,
          port,
          servername: isIP(host) === 0 ? host : '',
          ...(ca === undefined ? {} : { ca }),
        })
      : connectPlain({ host, port })
    const end = (result: Reach) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const fail = (reason: string) => end({ step: connected ? 'tls' : 'away', reason })
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs)
    socket.once('connect', () => {
      connected = true
      if (!isTls) end({ step: 'fine' })
    })
    socket.once('secureConnect', () => end({ step: 'fine' }))
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  })
}

export async function askManagement(
  managementUrl: string,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<Management> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const place = managementUrl
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const path = '/api/health/checks/local-alarms'
    const answer = await fetch(new URL(path, managementUrl), { headers: { authorization }, signal })
    const resources = alarmsIn(await answer.text())
    if (resources.length > 0) return { place, state: 'alarm', reason: resources.join(', ') }
    const denied = answer.status === 401 || answer.status === 403
    return { place, state: denied ? 'denied' : answer.ok ? 'fine' : 'away', reason: `${answer.status}` }
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } }
    return { place: managementUrl, state: 'away', reason: cause?.code ?? String(error instanceof Error && error.name) }
  }
}

/** What there is too little of, as RabbitMQ calls it: `disk space`, `memory`. */
function alarmsIn(answer: string): readonly string[] {
  try {
    const { alarms } = JSON.parse(answer) as { readonly alarms?: readonly { readonly resource: string }[] }
    return (alarms ?? []).map(({ resource }) => resource)
  } catch {
    return []
  }
}

export async function askNode(address: () => Promise<NodeAddress>): Promise<Evidence['node']> {
  try {
    return await connectControl(await address()).health()
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    return { code: error.code, reason: String(error.detail['reason'] ?? error.code) }
  }
}
