/** Calls of a client in this language, for what no golden file can hold. */
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { samplePacket } from '@lienthong/edxml'
import { waitFor } from '../../kit/index.ts'
import type { Account } from './node.ts'

export const mebibyte = 1024 * 1024

export interface CallOptions {
  readonly as: Account
  readonly fields?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Content-Length, when the body does not come to its end. */
  readonly announced?: number
  /** The connection goes once this is true. */
  readonly breakOff?: () => boolean
}

/** The envelope answered. Rejects when the connection goes before. */
export async function post(url: string, operation: string, options: CallOptions): Promise<Record<string, unknown>> {
  const { as, fields = {}, body = new Uint8Array(), announced = body.byteLength, breakOff } = options
  const all = { systemid: as.systemid, timestamp: '01072025T080000+0123', ...fields }
  const members = Object.fromEntries(Object.entries(all).map(([name, value]) => [`XroadVnpt-${name}`, value]))
  const text = JSON.stringify(members)
  const sent = request(`${url}/${operation}`, {
    method: 'POST',
    agent: false,
    headers: {
      ...members,
      'Content-Length': announced,
      'Content-Type': 'application/octet-stream',
      'XroadVnpt-sign-header': text,
      'XroadVnpt-hash-header': createHmac('sha256', as.secret).update(text).digest('hex'),
    },
  })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.write(body)
  if (breakOff === undefined) sent.end()
  else void waitFor(breakOff, { what: 'the call to be under way' }).finally(() => sent.destroy())
  const [answer] = await answered
  return JSON.parse((await buffer(answer)).toString('utf8')) as Record<string, unknown>
}

export function sendFields(packet: Uint8Array): Readonly<Record<string, string>> {
  const hash = createHash('sha256').update(packet).digest('hex')
  return { from: 'H29', servicetype: 'eDoc', messagetype: 'edoc', 'hash-file': hash }
}

export async function largePacket(attachmentBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  const request = {
    from: { organId: 'H29', organName: 'Tỉnh' },
    to: [{ organId: 'H29.02', organName: 'Sở' }],
    number: `${attachmentBytes}/UBND-VP`,
    subject: 'Về việc lớn',
    attachmentBytes,
  }
  for await (const chunk of samplePacket(request)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ name }) => name)
}
