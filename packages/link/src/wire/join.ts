/**
 * What is said when a node joins: the invitation it is given, what it asks, what it is granted.
 *
 * Each is CBOR, and as a line for people `lt1.`, `ltq1.` or `lta1.`, base64url, four bytes of its SHA-256 at the end: an
 * invitation that lost a letter on its way is told from one that was never good. The line holds a password: whoever has
 * it may ask in the place of the child, and is shut out by the key that asked first.
 */
import { createHash } from 'node:crypto'
import type { RootKey } from '@lienthong/core'
import { type ErrorCode, type ErrorDetail, errorCodes, joinStatement, type NodeId, RelayError } from '@lienthong/core'
import type { BrokerAddress, SealingKey } from '../contract.ts'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { bytes, intMap, list, text, uint, writableText } from './fields.ts'
import { maxKidBytes } from './limits.ts'
import { frameInvalid } from './refusal.ts'
import { verifySignature } from './seal.ts'

export type PublicAddress = Pick<BrokerAddress, 'url' | 'vhost' | 'ca'>

export interface Invitation {
  readonly id: string
  readonly parent: NodeId
  readonly child: NodeId
  readonly expiresAt: number
  /** Where the parent is reached. */
  readonly address: PublicAddress
  /** Of the account `lt.join.<id>`. */
  readonly password: string
  /** Whom the child pins. */
  readonly roots: readonly RootKey[]
}

export interface JoinRequest {
  /** null: it travels as a file. */
  readonly invitation: string | null
  readonly node: NodeId
  readonly key: RootKey
  /** Signature of the key over `joinStatement`. */
  readonly proof: Uint8Array
}

export interface JoinGrant {
  readonly parent: NodeId
  readonly node: NodeId
  /** The key that asked, and for which alone it is. */
  readonly publicKey: string
  readonly address: PublicAddress
  /** Of the account of the node's id. */
  readonly password: string
  readonly roots: readonly RootKey[]
}

export type JoinAnswer = { readonly granted: JoinGrant } | { readonly refused: ErrorCode; readonly detail: ErrorDetail }

const fields = {
  version: 1,
  invitation: 2,
  parent: 3,
  node: 4,
  expiresAt: 5,
  url: 6,
  vhost: 7,
  ca: 8,
  password: 9,
  roots: 10,
  key: 11,
  proof: 12,
  publicKey: 13,
  refused: 14,
  detail: 15,
} as const

const version = 1
const maxUrlBytes = 512
const maxCaBytes = 64 * 1024
const maxRoots = 16
const maxLineLength = 256 * 1024
const checkBytes = 4

type Fields = ReadonlyMap<number, unknown>

/* ---- as lines for people ---- */

const prefixes = { invitation: 'lt1.', request: 'ltq1.', answer: 'lta1.' } as const

export function invitationLine(invitation: Invitation): string {
  const { id, parent, child, expiresAt, address, password, roots } = invitation
  const body = mapOf({
    invitation: id,
    parent,
    node: child,
    expiresAt,
    ...addressItems(address),
    password,
    roots: rootItems(roots),
  })
  return lineOf('invitation', encodeCbor(body))
}

/** Throws TOKEN_INVALID. */
export function readInvitationLine(line: string): Invitation {
  return readLine('invitation', line, (map) => ({
    id: text(map.get(fields.invitation), 'id'),
    parent: text(map.get(fields.parent), 'parent'),
    child: text(map.get(fields.node), 'node'),
    expiresAt: uint(map.get(fields.expiresAt), 'expiresAt'),
    address: addressOf(map),
    password: text(map.get(fields.password), 'password'),
    roots: rootsOf(map.get(fields.roots)),
  }))
}

export function requestLine(request: JoinRequest): string {
  return lineOf('request', encodeJoinRequest(request))
}

/** Throws TOKEN_INVALID, also for a request without the proof of its key. */
export function readRequestLine(line: string): JoinRequest {
  return readLine('request', line, requestOf)
}

export function grantLine(granted: JoinGrant): string {
  return lineOf('answer', encodeJoinAnswer({ granted }))
}

/** Throws TOKEN_INVALID. */
export function readGrantLine(line: string): JoinGrant {
  return readLine('answer', line, grantOf)
}

/* ---- as messages ---- */

/** Asks in the name of `node`, with the proof that it has the key. */
export function makeJoinRequest(node: NodeId, key: SealingKey, invitation: string | null): JoinRequest {
  const { kid, publicKey } = key
  const statement = joinStatement({ node, kid, publicKey, ...(invitation === null ? {} : { invitation }) })
  if (statement === null) throw new RelayError('CONFIG_INVALID', { detail: { kid, why: 'a key of another node' } })
  return { invitation, node, key: { kid, publicKey }, proof: Uint8Array.from(key.sign(statement)) }
}

export function encodeJoinRequest({ invitation, node, key, proof }: JoinRequest): Uint8Array {
  return encodeCbor(mapOf({ invitation: invitation ?? undefined, node, key: rootItem(key), proof }))
}

/** Throws FRAME_INVALID, also for a request without the proof of its key. */
export function decodeJoinRequest(bytesOfIt: Uint8Array): JoinRequest {
  return requestOf(mapIn(bytesOfIt))
}

export function encodeJoinAnswer(answer: JoinAnswer): Uint8Array {
  if ('refused' in answer) {
    return encodeCbor(mapOf({ refused: answer.refused, detail: JSON.stringify(answer.detail) }))
  }
  const { parent, node, publicKey, address, password, roots } = answer.granted
  return encodeCbor(mapOf({ parent, node, publicKey, ...addressItems(address), password, roots: rootItems(roots) }))
}

/** Throws FRAME_INVALID. */
export function decodeJoinAnswer(bytesOfIt: Uint8Array): JoinAnswer {
  const map = mapIn(bytesOfIt)
  const refused = map.get(fields.refused)
  if (refused === undefined) return { granted: grantOf(map) }
  const code = text(refused, 'refused')
  return { refused: isErrorCode(code) ? code : 'JOIN_REFUSED', detail: detailOf(map.get(fields.detail)) }
}

/* ---- parts ---- */

function requestOf(map: Fields): JoinRequest {
  const invitation = map.get(fields.invitation)
  const request: JoinRequest = {
    invitation: invitation === undefined ? null : text(invitation, 'invitation'),
    node: text(map.get(fields.node), 'node'),
    key: rootOf(map.get(fields.key)),
    proof: Uint8Array.from(bytes(map.get(fields.proof), 'proof', 64)),
  }
  const { kid, publicKey } = request.key
  const named = request.invitation === null ? {} : { invitation: request.invitation }
  const statement = joinStatement({ node: request.node, kid, publicKey, ...named })
  const signature = Buffer.from(request.proof).toString('base64url')
  if (statement === null || !verifySignature(publicKey, statement, signature)) {
    throw frameInvalid('join', 'is not signed by the key it names')
  }
  return request
}

function grantOf(map: Fields): JoinGrant {
  return {
    parent: text(map.get(fields.parent), 'parent'),
    node: text(map.get(fields.node), 'node'),
    publicKey: text(map.get(fields.publicKey), 'publicKey'),
    address: addressOf(map),
    password: text(map.get(fields.password), 'password'),
    roots: rootsOf(map.get(fields.roots)),
  }
}

function addressItems({ url, vhost, ca }: PublicAddress) {
  return { url, vhost, ca }
}

function addressOf(map: Fields): PublicAddress {
  const ca = map.get(fields.ca)
  return {
    url: text(map.get(fields.url), 'url', maxUrlBytes),
    vhost: text(map.get(fields.vhost), 'vhost', maxUrlBytes),
    ...(ca === undefined ? {} : { ca: text(ca, 'ca', maxCaBytes) }),
  }
}

function rootItems(roots: readonly RootKey[]): readonly unknown[] {
  return roots.map(rootItem)
}

function rootItem({ kid, publicKey }: RootKey): readonly string[] {
  return [writableText(kid, 'kid'), writableText(publicKey, 'publicKey')]
}

function rootsOf(value: unknown): readonly RootKey[] {
  return list(value, 'roots', maxRoots, 1).map(rootOf)
}

function rootOf(value: unknown): RootKey {
  const [kid, publicKey] = list(value, 'key', 2, 2)
  return { kid: text(kid, 'kid', maxKidBytes), publicKey: text(publicKey, 'publicKey') }
}

function detailOf(value: unknown): ErrorDetail {
  const parsed: unknown = JSON.parse(text(value, 'detail', maxCaBytes))
  if (typeof parsed !== 'object' || parsed === null) return {}
  return Object.fromEntries(
    Object.entries(parsed).filter(([, each]) => ['string', 'number', 'boolean'].includes(typeof each)),
  ) as ErrorDetail
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}

function mapOf(items: { readonly [Name in keyof typeof fields]?: unknown }): Map<number, unknown> {
  const all = { version, ...items }
  const names = Object.keys(fields) as (keyof typeof fields)[]
  return new Map(names.filter((name) => all[name] !== undefined).map((name) => [fields[name], all[name]]))
}

function mapIn(encoded: Uint8Array): Fields {
  const map = intMap(decodeCbor(encoded, 'join'), 'join')
  uint(map.get(fields.version), 'version', version, version)
  return map
}

function lineOf(kind: keyof typeof prefixes, body: Uint8Array): string {
  return prefixes[kind] + Buffer.concat([body, checkOf(body)]).toString('base64url')
}

function readLine<Value>(kind: keyof typeof prefixes, line: string, read: (map: Fields) => Value): Value {
  const prefix = prefixes[kind]
  const trimmed = line.trim()
  const invalid = (why: string, cause?: unknown) => new RelayError('TOKEN_INVALID', { detail: { why }, cause })
  if (!trimmed.startsWith(prefix) || trimmed.length > maxLineLength) throw invalid(`begins with ${prefix}`)
  const all = Buffer.from(trimmed.slice(prefix.length), 'base64url')
  const body = Uint8Array.from(all.subarray(0, -checkBytes))
  if (!checkOf(body).equals(all.subarray(-checkBytes))) throw invalid('damaged')
  try {
    return read(mapIn(body))
  } catch (error) {
    throw invalid(error instanceof RelayError ? String(error.detail['why']) : 'damaged', error)
  }
}

function checkOf(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, checkBytes)
}
