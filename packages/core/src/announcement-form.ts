/** What is wrong with an announcement by itself, whoever sends it and whatever else is known. */
import type { Announcement } from './announcement.ts'
import { givenTwice } from './delegation.ts'
import type { NodeKey } from './directory.ts'
import type { DirectoryFault } from './directory-fault.ts'
import type { NodeId } from './document.ts'
import { RelayError } from './errors.ts'
import { formerPeriods } from './former-nodes.ts'
import { isCode, lookupKey } from './organisation-code.ts'
import { periodOf } from './period.ts'
import { nodeOfKid } from './trust-statement.ts'

/** ANNOUNCEMENT_INVALID with these in its detail; people read `phrase(language, 'directory.' + reason)`. */
export interface AnnouncementFault {
  readonly reason: DirectoryFault
  readonly id: string
}

/** The first fault; null for none. The same everywhere, so that all nodes refuse the same announcements. */
export function announcementFault(announcement: Announcement): AnnouncementFault | null {
  return (
    nodesFault(announcement) ?? keysFault(announcement) ?? organisationsFault(announcement) ?? groupsFault(announcement)
  )
}

function nodesFault({ node, parent, children }: Announcement): AnnouncementFault | null {
  if (parent === node) return { reason: 'cycle', id: node }
  const ids = new Set([node, ...(parent === null ? [] : [parent])])
  for (const { id, delegates } of children) {
    if (ids.has(id)) return { reason: 'twice', id }
    ids.add(id)
    for (const code of [id, ...delegates]) if (!isCode(code)) return { reason: 'no code', id: code }
  }
  const twice = givenTwice(children)
  return twice === null ? null : { reason: 'delegated twice', id: twice }
}

function keysFault({ node, keys, children, revocations }: Announcement): AnnouncementFault | null {
  for (const revocation of revocations) {
    if (nodeOfKid(revocation.by) !== node) return { reason: 'kid of another node', id: revocation.by }
  }
  const lists: [NodeId, readonly NodeKey[]][] = [
    [node, keys],
    ...children.map((each) => [each.id, each.keys] as [NodeId, readonly NodeKey[]]),
  ]
  for (const [owner, own] of lists) {
    const kids = new Set<string>()
    for (const { kid, revokedAt } of own) {
      if (nodeOfKid(kid) !== owner) return { reason: 'kid of another node', id: kid }
      // Taken back is what a revocation says, and nothing else.
      if (kids.has(kid) || revokedAt !== undefined) return { reason: 'twice', id: kid }
      kids.add(kid)
    }
  }
  return null
}

function organisationsFault({ organisations }: Announcement): AnnouncementFault | null {
  const ids = new Set<string>()
  for (const organisation of organisations) {
    const { id, validTo, successors } = organisation
    const key = lookupKey(id)
    if (!isCode(id)) return { reason: 'no code', id }
    if (ids.has(key)) return { reason: 'code twice', id }
    ids.add(key)
    if (successors !== undefined && validTo === undefined) return { reason: 'successors without validTo', id }
    const named = [
      ...(organisation.formerNodes ?? []).map(({ node }) => node),
      ...(organisation.splitRules ?? []).flatMap(({ from, unit, to }) => [from ?? to, unit ?? to, to]),
    ]
    const wrong = named.find((code) => !isCode(code))
    if (wrong !== undefined) return { reason: 'no code', id: wrong }
    const fault = dayFault(() => {
      periodOf({ ...organisation, node: '' })
      formerPeriods(organisation)
    })
    if (fault !== null) return { reason: fault, id }
  }
  return null
}

function groupsFault({ groups, organisations }: Announcement): AnnouncementFault | null {
  const names = new Set(organisations.map(({ id }) => lookupKey(id)))
  for (const name of Object.keys(groups)) {
    const key = lookupKey(name)
    if (names.has(key)) return { reason: 'group named twice', id: name }
    names.add(key)
  }
  return null
}

function dayFault(read: () => unknown): DirectoryFault | null {
  try {
    read()
    return null
  } catch (error) {
    if (error instanceof RelayError && error.code === 'DIRECTORY_INVALID')
      return error.detail['reason'] as DirectoryFault
    throw error
  }
}
