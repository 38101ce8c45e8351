/**
 * An announcement as the bytes its node seals. They stand alone and travel as they are: fields this version does not
 * know are passed over and stay in them.
 *
 * It is an array and a core is a map, so that a seal over one can never be taken for a seal over the other.
 */
import { createHash } from 'node:crypto'
import {
  type AnnouncedChild,
  type AnnouncedOrganisation,
  type Announcement,
  type FormerNode,
  type KeyRevocation,
  type NewDocumentWay,
  type NodeKey,
  newDocumentWays,
  type RootKey,
  type SignedAnnouncement,
  type SigningCertificate,
  type SplitRule,
  type Voucher,
} from '@lienthong/core'
import type { SealingKey } from '../contract.ts'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { bytes, digest, digestBytes, ids, intMap, list, text, uint, writableText } from './fields.ts'
import { maxAnnouncementBytes, maxKidBytes, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'
import { seal, sealedBy } from './seal.ts'

const fields = {
  node: 1,
  parent: 2,
  epoch: 3,
  version: 4,
  issuedAt: 5,
  tier: 6,
  keys: 7,
  children: 8,
  organisations: 9,
  groups: 10,
  revocations: 11,
  attests: 12,
} as const
const keyFields = { kid: 1, publicKey: 2, validFrom: 3, validTo: 4, replaces: 5, vouchers: 6 } as const
const childFields = { id: 1, tier: 2, keys: 3, delegates: 4 } as const
const organFields = {
  id: 1,
  name: 2,
  oldCode: 3,
  code102: 4,
  parent: 5,
  mail: 6,
  validFrom: 7,
  validTo: 8,
  successors: 9,
  certificates: 10,
  formerNodes: 11,
  newDocuments: 12,
  splitRules: 13,
} as const

const maxNameBytes = 1024
const maxTierBytes = 64
const maxDayBytes = 10
const publicKeyBytes = 32
const signatureBytes = 64
/** Entries of any list in an announcement; its bytes are the limit that counts. */
const maxEntries = 250_000

/** Seals what this node says. Throws FRAME_INVALID for whatever `decodeAnnouncement` would refuse. */
export function sealAnnouncement(announcement: Announcement, key: SealingKey): SignedAnnouncement {
  const encoded = encodeAnnouncement(announcement)
  return decodeAnnouncement(encoded, seal(encoded, key))
}

/** Throws FRAME_INVALID, VERSION_UNSUPPORTED. Whether the seal holds is asked by whoever judges it. */
export function decodeAnnouncement(encoded: Uint8Array, sealBytes: Uint8Array): SignedAnnouncement {
  const kid = sealedBy(sealBytes)
  const hash = createHash('sha256').update(encoded).update(sealBytes).digest('hex')
  return { announcement: read(encoded), kid, bytes: encoded, seal: sealBytes, digest: hash }
}

function encodeAnnouncement(said: Announcement): Uint8Array {
  const encoded = encodeCbor([
    wireVersion,
    mapOf([
      [fields.node, plain(said.node)],
      [fields.parent, said.parent === null ? null : plain(said.parent)],
      [fields.epoch, said.epoch],
      [fields.version, said.version],
      [fields.issuedAt, said.issuedAt],
      [fields.tier, plain(said.tier)],
      [fields.keys, said.keys.map(keyItem)],
      [fields.children, said.children.map(childItem)],
      [fields.organisations, said.organisations.map(organItem)],
      [fields.groups, Object.entries(said.groups).map(([name, members]) => [plain(name), members.map(plain)])],
      [fields.revocations, said.revocations.map(revocationItem)],
      [fields.attests, said.attests.map(rootItem)],
    ]),
  ])
  if (encoded.length > maxAnnouncementBytes) {
    throw frameInvalid('announcement', `is longer than ${maxAnnouncementBytes} bytes`)
  }
  return encoded
}

function read(encoded: Uint8Array): Announcement {
  const whole = list(
    decodeCbor(bytes(encoded, 'announcement', maxAnnouncementBytes), 'announcement'),
    'announcement',
    2,
    2,
  )
  const version = uint(whole[0], 'announcement.version')
  if (version !== wireVersion) throw versionUnsupported('announcement', version)
  const map = intMap(whole[1], 'announcement')
  const many = <Item>(field: keyof typeof fields, one: (value: unknown, what: string) => Item): readonly Item[] =>
    list(map.get(fields[field]) ?? [], `announcement.${field}`, maxEntries).map((value) =>
      one(value, `announcement.${field}`),
    )
  return {
    node: text(map.get(fields.node), 'announcement.node'),
    parent: orNull(map.get(fields.parent), 'announcement.parent', text),
    epoch: uint(map.get(fields.epoch), 'announcement.epoch', Number.MAX_SAFE_INTEGER, 1),
    version: uint(map.get(fields.version), 'announcement.version', Number.MAX_SAFE_INTEGER, 1),
    issuedAt: uint(map.get(fields.issuedAt), 'announcement.issuedAt'),
    tier: words(map.get(fields.tier), 'announcement.tier', maxTierBytes),
    keys: many('keys', keyOf),
    children: many('children', childOf),
    organisations: many('organisations', organOf),
    groups: groupsOf(many('groups', groupOf)),
    revocations: many('revocations', revocationOf),
    attests: many('attests', rootOf),
  }
}

/* ---- keys ---- */

function keyItem({ kid, publicKey, validFrom, validTo, replaces, vouchers = [] }: NodeKey): unknown {
  return mapOf([
    [keyFields.kid, plain(kid)],
    [keyFields.publicKey, raw(publicKey, publicKeyBytes)],
    [keyFields.validFrom, validFrom],
    [keyFields.validTo, validTo],
    [keyFields.replaces, replaces === undefined ? undefined : plain(replaces)],
    [
      keyFields.vouchers,
      vouchers.map(({ by, signature, until }) => [plain(by), raw(signature, signatureBytes), until ?? null]),
    ],
  ])
}

function keyOf(value: unknown, what: string): NodeKey {
  const map = intMap(value, what)
  return {
    kid: kidOf(map.get(keyFields.kid), what),
    publicKey: written(map.get(keyFields.publicKey), what, publicKeyBytes),
    ...given('validFrom', map.get(keyFields.validFrom), (at) => uint(at, what)),
    ...given('validTo', map.get(keyFields.validTo), (at) => uint(at, what)),
    ...given('replaces', map.get(keyFields.replaces), (kid) => kidOf(kid, what)),
    vouchers: list(map.get(keyFields.vouchers) ?? [], what, maxEntries).map((voucher): Voucher => {
      const [by, signature, until] = list(voucher, what, 3, 3)
      return {
        by: kidOf(by, what),
        signature: written(signature, what, signatureBytes),
        ...given('until', until ?? undefined, (at) => uint(at, what)),
      }
    }),
  }
}

function revocationItem({ kid, revokedAt, by, signature }: KeyRevocation): unknown {
  return [plain(kid), revokedAt, plain(by), raw(signature, signatureBytes)]
}

function revocationOf(value: unknown, what: string): KeyRevocation {
  const [kid, revokedAt, by, signature] = list(value, what, 4, 4)
  return {
    kid: kidOf(kid, what),
    revokedAt: uint(revokedAt, what),
    by: kidOf(by, what),
    signature: written(signature, what, signatureBytes),
  }
}

function rootItem({ kid, publicKey }: RootKey): unknown {
  return [plain(kid), raw(publicKey, publicKeyBytes)]
}

function rootOf(value: unknown, what: string): RootKey {
  const [kid, publicKey] = list(value, what, 2, 2)
  return { kid: kidOf(kid, what), publicKey: written(publicKey, what, publicKeyBytes) }
}

function kidOf(value: unknown, what: string): string {
  return text(value, what, maxKidBytes)
}

/* ---- children, organisations, groups ---- */

function childItem({ id, tier, keys, delegates }: AnnouncedChild): unknown {
  return mapOf([
    [childFields.id, plain(id)],
    [childFields.tier, plain(tier)],
    [childFields.keys, keys.map(keyItem)],
    [childFields.delegates, delegates.map(plain)],
  ])
}

function childOf(value: unknown, what: string): AnnouncedChild {
  const map = intMap(value, what)
  return {
    id: text(map.get(childFields.id), what),
    tier: words(map.get(childFields.tier), what, maxTierBytes),
    keys: list(map.get(childFields.keys), what, maxEntries).map((key) => keyOf(key, what)),
    delegates: codes(map.get(childFields.delegates), what),
  }
}

function organItem(organ: AnnouncedOrganisation): unknown {
  const { certificates, formerNodes, splitRules } = organ
  const optional = (value: string | undefined) => (value === undefined ? undefined : plain(value))
  return mapOf([
    [organFields.id, plain(organ.id)],
    [organFields.name, plain(organ.name)],
    [organFields.oldCode, optional(organ.oldCode)],
    [organFields.code102, optional(organ.code102)],
    [organFields.parent, organ.parent === null ? undefined : plain(organ.parent)],
    [organFields.mail, optional(organ.mail)],
    [organFields.validFrom, optional(organ.validFrom)],
    [organFields.validTo, optional(organ.validTo)],
    [organFields.successors, organ.successors?.map(plain)],
    [organFields.certificates, certificates?.map(certificateItem)],
    [organFields.formerNodes, formerNodes?.map(({ node, until }) => [plain(node), plain(until)])],
    [organFields.newDocuments, optional(organ.newDocuments)],
    [organFields.splitRules, splitRules?.map(({ to, from, unit }) => [plain(to), from ?? null, unit ?? null])],
  ])
}

function organOf(value: unknown, what: string): AnnouncedOrganisation {
  const map = intMap(value, what)
  const at = (field: keyof typeof organFields) => map.get(organFields[field])
  return {
    id: text(at('id'), what),
    name: words(at('name'), what, maxNameBytes),
    ...given('oldCode', at('oldCode'), (code) => text(code, what)),
    ...given('code102', at('code102'), (code) => text(code, what)),
    parent: at('parent') === undefined ? null : text(at('parent'), what),
    ...given('mail', at('mail'), (mail) => text(mail, what, maxNameBytes)),
    ...given('validFrom', at('validFrom'), (day) => text(day, what, maxDayBytes)),
    ...given('validTo', at('validTo'), (day) => text(day, what, maxDayBytes)),
    ...given('successors', at('successors'), (all) => ids(all, what, maxEntries)),
    ...given('certificates', at('certificates'), (all) =>
      list(all, what, maxEntries).map((one) => certificateOf(one, what)),
    ),
    ...given('formerNodes', at('formerNodes'), (all) =>
      list(all, what, maxEntries).map((one): FormerNode => {
        const [node, until] = list(one, what, 2, 2)
        return { node: text(node, what), until: text(until, what, maxDayBytes) }
      }),
    ),
    ...given('newDocuments', at('newDocuments'), (way) => wayOf(text(way, what))),
    ...given('splitRules', at('splitRules'), (all) => list(all, what, maxEntries).map((one) => ruleOf(one, what))),
  }
}

/** A way that is not known here is the usual one: what is new is refused nowhere for it. */
function wayOf(written: string): NewDocumentWay {
  return newDocumentWays.find((way) => way === written) ?? 'follow'
}

function ruleOf(value: unknown, what: string): SplitRule {
  const [to, ...tests] = list(value, what, 3, 3)
  const [from, unit] = tests.map((test) => test ?? undefined)
  return {
    to: text(to, what),
    ...given('from', from, (code) => text(code, what)),
    ...given('unit', unit, (code) => text(code, what)),
  }
}

function certificateItem({ fingerprint, validFrom, validTo, revokedAt }: SigningCertificate): unknown {
  return [digestBytes(fingerprint, 'certificate'), validFrom ?? null, validTo ?? null, revokedAt ?? null]
}

function certificateOf(value: unknown, what: string): SigningCertificate {
  const [fingerprint, ...instants] = list(value, what, 4, 4)
  const [validFrom, validTo, revokedAt] = instants.map((at) => at ?? undefined)
  return {
    fingerprint: digest(fingerprint, what),
    ...given('validFrom', validFrom, (at) => uint(at, what)),
    ...given('validTo', validTo, (at) => uint(at, what)),
    ...given('revokedAt', revokedAt, (at) => uint(at, what)),
  }
}

function groupOf(value: unknown, what: string): readonly [string, readonly string[]] {
  const [name, members] = list(value, what, 2, 2)
  return [text(name, what, maxNameBytes), codes(members, what)]
}

function groupsOf(groups: readonly (readonly [string, readonly string[]])[]): Announcement['groups'] {
  if (new Set(groups.map(([name]) => name)).size < groups.length) {
    throw frameInvalid('announcement.groups', 'names one twice')
  }
  return Object.fromEntries(groups)
}

/* ---- values ---- */

function codes(value: unknown, what: string): readonly string[] {
  return list(value, what, maxEntries).map((code) => text(code, what))
}

/** Text that may be empty. */
function words(value: unknown, what: string, maxBytes: number): string {
  return value === '' ? '' : text(value, what, maxBytes)
}

function orNull<Value>(value: unknown, what: string, one: (value: unknown, what: string) => Value): Value | null {
  return value === null ? null : one(value, what)
}

function given<Name extends string, Value>(
  name: Name,
  value: unknown,
  one: (value: unknown) => Value,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: one(value) } as { readonly [Key in Name]: Value })
}

/** base64url as bytes. */
function raw(value: string, length: number): Uint8Array {
  const decoded = Buffer.from(value, 'base64url')
  if (decoded.length !== length) throw frameInvalid('announcement', `has a value that is not ${length} bytes`)
  return new Uint8Array(decoded)
}

/** Bytes as base64url. */
function written(value: unknown, what: string, length: number): string {
  const view = bytes(value, what, length)
  if (view.length !== length) throw frameInvalid(what, `has a value that is not ${length} bytes`)
  return Buffer.from(view.buffer, view.byteOffset, length).toString('base64url')
}

function plain(value: string): string {
  return writableText(value, 'announcement')
}

function mapOf(entries: readonly (readonly [key: number, value: unknown])[]): Map<number, unknown> {
  return new Map(entries.filter(([, value]) => value !== undefined))
}
