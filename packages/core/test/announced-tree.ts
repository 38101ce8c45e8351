/** A tree of four tiers as its nodes announce it: G22 over H29 and H26, H29 over H29.18 over H29.18.05. */
import {
  type AcceptedSet,
  acceptAnnouncements,
  compileTable,
  type Judge,
  mergeAnnouncements,
  nothingAccepted,
  type SignedAnnouncement,
} from '@lienthong/core'
import { announcementOf, childOf, judgeOf, newSealer, organ, rootOf, type Sealer, type Words } from './announcing.ts'
import { now } from './trust-federation.ts'

export const ids = ['G22', 'H29', 'H26', 'H29.18', 'H29.18.05'] as const
export const sealers = new Map(ids.map((id) => [id as string, newSealer(`${id}#1`)]))
export const by = (id: string): Sealer => sealers.get(id) ?? newSealer(`${id}#9`)
export const judge = judgeOf('H26', rootOf(by('H26')), [rootOf(by('G22'))])

export function say(node: string, words: Words = {}, sealer = by(node)): SignedAnnouncement {
  return sealer.seal(announcementOf(node, words))
}

/** G22 over H29 and H26; H29 over H29.18 over H29.18.05. */
export const g22 = (words: Words = {}) =>
  say('G22', {
    keys: [rootOf(by('G22'))],
    children: [childOf(by('H29'), by('G22')), childOf(by('H26'), by('G22'))],
    organisations: [organ('G22')],
    ...words,
  })
export const h29 = (words: Words = {}) =>
  say('H29', { parent: 'G22', children: [childOf(by('H29.18'), by('H29'))], organisations: [organ('H29')], ...words })
export const h26 = (words: Words = {}) => say('H26', { parent: 'G22', organisations: [organ('H26')], ...words })
export const district = (words: Words = {}) =>
  say('H29.18', {
    parent: 'H29',
    children: [childOf(by('H29.18.05'), by('H29.18'))],
    organisations: [organ('H29.18')],
    ...words,
  })
export const commune = (words: Words = {}, sealer = by('H29.18.05')) =>
  say('H29.18.05', { parent: 'H29.18', organisations: [organ('H29.18.05', { parent: 'H29.18' })], ...words }, sealer)
export const everything = [g22(), h29(), h26(), district(), commune()]

export function take(set: AcceptedSet, incoming: readonly SignedAnnouncement[], { as = judge, at = now } = {}) {
  return acceptAnnouncements(as, set, { incoming, at })
}

export function codes(
  set: AcceptedSet,
  incoming: readonly SignedAnnouncement[],
  options: { as?: Judge; at?: number } = {},
) {
  return take(set, incoming, options).refused.map(({ signed, code }) => `${signed.announcement.node} ${code}`)
}

export function organsOf(set: AcceptedSet, self = 'H26'): Record<string, string> {
  const { directory } = mergeAnnouncements(set, { self, version: 1 })
  compileTable(self, directory, 1, now)
  return Object.fromEntries(directory.organisations.map(({ id, node }) => [id, node]))
}

export const full = take(nothingAccepted, everything).set
