/**
 * The signed headers of a call. The signature is over the text of `sign-header` exactly as it came; that text is the
 * caller's own, so each member of it must also be the header of its name.
 *
 *   XroadVnpt-<name>            a field, also of earlier calls
 *   XroadVnpt-sign-header-key   names;joined
 *   XroadVnpt-sign-header       {"XroadVnpt-<name>":"<value>",…} in any order
 *   XroadVnpt-hash-header       hex HMAC-SHA256(secret, sign-header)
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Fields, fieldsOf } from './fields.ts'

const prefix = 'XroadVnpt-'

export interface UnverifiedCall {
  readonly systemId: string
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  readonly unverifiedFields: Fields
}

/** Names without the prefix, as written, with their values as UTF-8. */
type Headers = readonly (readonly [name: string, value: string])[]

/** null for anything but a call whose signed members all stand in its headers too. */
export function readCall(rawHeaders: readonly string[]): UnverifiedCall | null {
  const headers = headersOf(rawHeaders)
  const text = only(headers, 'sign-header')
  const signature = only(headers, 'hash-header')
  const systemId = only(headers, 'systemid')
  if (text === null || systemId === null || signature === null || !/^[0-9a-f]{64}$/i.test(signature)) return null
  const members = membersOf(text) ?? concatenated(text, headers)
  if (members === null || !members.every((member) => stands(member, headers))) return null
  const unverifiedFields = fieldsOf(members.map(([name, value]) => [name, asText(value)] as const))
  if (unverifiedFields.get('systemid')?.join() !== systemId) return null
  return { systemId, signed: Buffer.from(text, 'utf8'), signature: Buffer.from(signature, 'hex'), unverifiedFields }
}

/** Takes the same time for any of the secrets. */
export function isSigned({ signed, signature }: UnverifiedCall, secrets: readonly string[]): boolean {
  return secrets
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(signed).digest(), signature))
    .some((equal) => equal)
}

function headersOf(rawHeaders: readonly string[]): Headers {
  const headers: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = unprefixed(rawHeaders[at] ?? '')
    // Node reads headers as Latin-1; what was signed is UTF-8.
    if (name !== null) headers.push([name, Buffer.from(rawHeaders[at + 1] ?? '', 'latin1').toString('utf8')])
  }
  return headers
}

function unprefixed(name: string): string | null {
  return name.toLowerCase().startsWith(prefix.toLowerCase()) ? name.slice(prefix.length) : null
}

function only(headers: Headers, wanted: string): string | null {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 1 ? (values[0] ?? null) : null
}

type Member = readonly [name: string, value: unknown]

function membersOf(text: string): readonly Member[] | null {
  const parsed = parse(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  const members = Object.entries(parsed).map(([name, value]) => [unprefixed(name), value] as const)
  return members.every((member): member is Member & [string, unknown] => member[0] !== null) ? members : null
}

/** What an SDK writes that joins strings: no JSON once a value has quotes in it, as a list of recipients has. */
function concatenated(text: string, headers: Headers): readonly Member[] | null {
  const members: Member[] = []
  let rest = text
  for (const name of only(headers, 'sign-header-key')?.split(';') ?? []) {
    const value = (headers.find(([written]) => written === name) ?? [])[1]
    if (value === undefined || value.includes(`"${prefix}`)) return null
    const opening = members.length === 0 ? '{' : ','
    const written = [`"${value}"`, value].map((form) => `${opening}"${prefix}${name}":${form}`)
    const found = written.find((form) => rest.startsWith(form))
    if (found === undefined) return null
    rest = rest.slice(found.length)
    members.push([name, value])
  }
  return rest === '}' ? members : null
}

function stands([name, value]: Member, headers: Headers): boolean {
  return headers.some(([written, header]) => {
    if (written.toLowerCase() !== name.toLowerCase()) return false
    return typeof value === 'string' ? header === value.trim() : JSON.stringify(parse(header)) === JSON.stringify(value)
  })
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
