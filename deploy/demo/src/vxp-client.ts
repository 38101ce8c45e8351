/**
 * Document software that speaks VXP, a process of its own: hands one packet in, as VNPT's SDK would.
 *
 *     node vxp-client.js < VxpTask
 *
 * Writes the node's envelope. The packet is read twice, for its digest and for the call, and never held.
 */
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { json, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Access } from './access.ts'

export interface VxpTask extends Pick<Access, 'organ' | 'url' | 'systemId' | 'secret'> {
  readonly file: string
}

const contentType = 'application/octet-stream'

const { organ, url, systemId, secret, file } = (await json(process.stdin)) as VxpTask
const fields = {
  systemid: systemId,
  timestamp: timestamp(new Date()),
  'Content-Type': contentType,
  from: organ,
  servicetype: 'eDoc',
  messagetype: 'edoc',
  'hash-file': await hashFile(),
}
const members = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`XroadVnpt-${name}`, value]))
const signed = JSON.stringify(members)
const call = request(`${url}/sendEdoc`, {
  method: 'POST',
  headers: {
    ...members,
    'XroadVnpt-sign-header-key': Object.keys(fields).join(';'),
    'XroadVnpt-sign-header': signed,
    'XroadVnpt-hash-header': createHmac('sha256', secret).update(signed).digest('hex'),
    'Content-Type': contentType,
    'Content-Length': (await stat(file)).size,
  },
})
const answered = once(call, 'response') as Promise<[IncomingMessage]>
const [[answer]] = await Promise.all([answered, pipeline(createReadStream(file), call)])
process.stdout.write(await text(answer))

/** The SDK leaves out the leading zero of each byte. */
async function hashFile(): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return [...(hash.digest() as Uint8Array)].map((byte) => byte.toString(16)).join('')
}

/** `ddMMyyyy'T'HHmmss+SSSS`; the last are milliseconds. */
function timestamp(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(at.getDate())}${two(at.getMonth() + 1)}${at.getFullYear()}`
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`
  return `${day}T${time}+${String(at.getMilliseconds()).padStart(4, '0')}`
}
