/**
 * The announcements of a country, kept and judged by core as a relay's directory keeper does: each change is a batch of
 * newly sealed ones, and what counts of all of them is the next directory. A seal is merely a name here.
 */
import { createHash } from 'node:crypto'
import {
  type AcceptedSet,
  type AnnouncedChild,
  type Announcement,
  acceptAnnouncements,
  type Directory,
  type Judge,
  keyStatement,
  mergeAnnouncements,
  type NodeId,
  type NodeKey,
  nothingAccepted,
  type OrganId,
  type SignedAnnouncement,
} from '@lienthong/core'
import type { Unit } from './national-country.ts'

/** What a node says, changed freely between two batches. */
interface Words {
  parent: NodeId | null
  tier: string
  readonly children: Map<NodeId, Set<OrganId>>
  readonly organisations: Announcement['organisations'][number][]
  version: number
}

/** Directories are numbered by batch. */
export interface Registry {
  hasChildren(node: NodeId): boolean
  servedBy(node: NodeId): readonly OrganId[]
  /** A node says that it stands elsewhere; its new parent names it, with what it had. The old one names it still. */
  rejoin(node: NodeId, to: NodeId): void
  dismiss(parent: NodeId, node: NodeId): void
  /** Nobody names it any more; another node, given its codes, keeps what is left of its organisations. */
  leave(node: NodeId, heir: NodeId): void
  /** Everything said since the batch before, judged and merged; `at` is the calendar's time, ms. Throws when any is refused. */
  publish(at: number): { readonly directory: Directory; readonly said: readonly NodeId[] }
}

const top = 'G22'

export function openRegistry(units: readonly Unit[]): Registry {
  const words = new Map<NodeId, Words>()
  const changed = new Set<NodeId>()
  let set: AcceptedSet = nothingAccepted
  let version = 0
  for (const { id, parent, tier, delegates, organisations } of units) {
    words.set(id, { parent, tier, children: new Map(), organisations: [...organisations], version: 0 })
    changed.add(id)
    if (parent !== null) of(parent).children.set(id, new Set([id, ...delegates]))
  }

  function of(node: NodeId): Words {
    const found = words.get(node)
    if (found === undefined) throw new Error(`no ${node} in this country`)
    return found
  }

  function announcementOf(node: NodeId): SignedAnnouncement {
    const said = of(node)
    said.version += 1
    const announcement: Announcement = {
      node,
      parent: said.parent,
      epoch: 1,
      version: said.version,
      issuedAt: 0,
      tier: said.tier,
      keys: node === top ? [keyOf(node, null)] : [],
      children: [...said.children].map(([id, delegates]): AnnouncedChild => {
        return { id, tier: of(id).tier, keys: [keyOf(id, node)], delegates: [...delegates] }
      }),
      organisations: [...said.organisations],
      groups: {},
      revocations: [],
      attests: [],
    }
    const digest = `${node} ${said.version}`
    return { announcement, kid: kidOf(node), bytes: empty, seal: empty, digest }
  }

  return {
    hasChildren: (node) => of(node).children.size > 0,
    servedBy: (node) => of(node).organisations.map(({ id }) => id),
    rejoin(node, to) {
      const said = of(node)
      const codes = of(said.parent ?? '').children.get(node) ?? new Set([node])
      // What was given to the one between is given to the node itself now.
      for (const others of of(to).children.values()) for (const code of codes) others.delete(code)
      of(to).children.set(node, codes)
      said.parent = to
      changed.add(node)
      changed.add(to)
    },
    dismiss(parent, node) {
      of(parent).children.delete(node)
      changed.add(parent)
    },
    leave(node, heir) {
      const { parent, organisations } = of(node)
      const above = of(heir).parent
      of(heir).organisations.push(...organisations)
      of(above ?? '')
        .children.get(heir)
        ?.add(node)
      of(parent ?? '').children.delete(node)
      words.delete(node)
      changed.delete(node)
      for (const each of [parent, heir, above]) if (each !== null) changed.add(each)
    },
    publish(at) {
      const said = [...changed]
      changed.clear()
      version += 1
      const { set: next, refused } = acceptAnnouncements(judge, set, { incoming: said.map(announcementOf), at })
      const [first] = refused
      if (first !== undefined) throw new Error(`refused: ${first.code} ${JSON.stringify(first.detail)}`)
      set = next
      const { directory, remarks } = mergeAnnouncements(set, { self: top, version })
      // One that is cut off names still what is no longer its to give.
      const remark = remarks.find(({ why }) => why !== 'outside')
      if (remark !== undefined) throw new Error(`left out: ${remark.id} of ${remark.node}, ${remark.why}`)
      return { directory, said }
    },
  }
}

const empty = new Uint8Array()
const kidOf = (node: NodeId) => `${node}#1`
const publicKeys = new Map<NodeId, string>()

function publicKeyOf(node: NodeId): string {
  const known = publicKeys.get(node)
  if (known !== undefined) return known
  const made = createHash('sha256').update(node).digest('base64url')
  publicKeys.set(node, made)
  return made
}

/** A key as its node's parent vouches for it. */
function keyOf(node: NodeId, parent: NodeId | null): NodeKey {
  const key = { kid: kidOf(node), publicKey: publicKeyOf(node) }
  if (parent === null) return { ...key, vouchers: [] }
  const statement = keyStatement(key)
  if (statement === null) throw new Error(`no statement about the key of ${node}`)
  return { ...key, vouchers: [{ by: kidOf(parent), signature: signatureOf(publicKeyOf(parent), statement) }] }
}

function signatureOf(publicKey: string, bytes: Uint8Array): string {
  return createHash('sha512').update(publicKey).update(bytes).digest('base64url')
}

const judge: Judge = {
  self: top,
  own: [{ kid: kidOf(top), publicKey: publicKeyOf(top) }],
  roots: [],
  verify: (publicKey, bytes, signature) => signature === signatureOf(publicKey, bytes),
  verifyAnnouncement: ({ announcement }, publicKey) => publicKey === publicKeyOf(announcement.node),
}
