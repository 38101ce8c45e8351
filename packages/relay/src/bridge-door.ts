/** What a node knows of its axis before it is connected to the one above. */
import {
  type BridgeFacts,
  bridgeFacts,
  claimsOf,
  type DirectoryNode,
  heardBy,
  type NodeId,
  type OrganId,
  type Overlap,
  openRegistry,
  RelayError,
} from '@lienthong/core'
import { decodeSurveyAnswer, encodeSurvey, surveysOf, verifySignature } from '@lienthong/link'
import type { LinkDoor } from './admin-doors.ts'
import type { AdministrationDoor } from './administration.ts'
import { askParent, invitationFor } from './ask-parent.ts'
import type { NodeContext } from './context.ts'
import { type DirectoryBook, viewOf } from './directory-book.ts'

const dayMs = 86_400_000
/** Newest documents of each organisation that are looked at for a status. */
const lookedAt = 200

export interface BridgeDoor {
  /** Asks nobody. `statusDays`: how old a business status may be. */
  facts(options: { readonly statusDays: number }): Promise<BridgeFacts>
  /**
   * What this axis claims that means something else at the parent of this invitation, which is not used up by it. Throws
   * TOKEN_INVALID, TOKEN_OTHER_NODE, TOKEN_EXPIRED, JOIN_REFUSED, PARENT_OLDER, BROKER_UNREACHABLE, LINK_DOWN.
   */
  overlaps(token: string): Promise<BridgeOverlaps>
}

export interface BridgeOverlaps {
  readonly parent: NodeId
  /** The node is below it already: nothing was asked. */
  readonly joined: boolean
  readonly items: readonly (Overlap & { readonly own: OwnClaim })[]
  /** With those that are not among `items`. */
  readonly count: number
}

/** Who claims it in this axis. `name`: empty for a node. */
export interface OwnClaim {
  readonly node: NodeId
  readonly name: string
}

export function createBridgeDoor(
  context: NodeContext,
  parts: {
    readonly book: DirectoryBook
    readonly administration: AdministrationDoor
    readonly links: LinkDoor
    readonly parent: () => NodeId | null
  },
): BridgeDoor {
  const { book } = parts
  const { id: self } = context.config

  async function statusesSince(since: number): Promise<ReadonlyMap<OrganId, number>> {
    const last = new Map<OrganId, number>()
    for (const { id, node } of context.directory.organisations) {
      if (node !== self) continue
      const documents = await context.store.outbox.sent(id, { limit: lookedAt, kind: 'document', since })
      for (const { organ, statusAt } of documents.flatMap(({ recipients }) => recipients)) {
        if (statusAt !== null) last.set(organ, Math.max(statusAt, last.get(organ) ?? 0))
      }
    }
    return last
  }

  function keyEnds(): (node: DirectoryNode) => number | null {
    const { nodes, roots } = context.directory
    const registry = openRegistry({ nodes, ...(roots === undefined ? {} : { roots }) }, verifySignature)
    return ({ keys }) => {
      const ends = keys
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map(({ kid, validTo = Infinity }) => Math.min(validTo, registry.vouchedUntil(kid) ?? 0))
      const last = Math.max(0, ...ends)
      return last === Infinity ? null : last
    }
  }

  function ownClaim({ kind, code }: Overlap): OwnClaim {
    const listed = kind === 'node' ? null : context.table.listed(code)
    return { node: listed?.node ?? code, name: listed?.name ?? '' }
  }

  return {
    async facts({ statusDays }) {
      const at = context.now()
      const [links, statusAt, steps] = await Promise.all([
        parts.links.list(),
        statusesSince(at - statusDays * dayMs),
        parts.administration.steps(),
      ])
      const place = { self, directory: context.directory, at }
      return bridgeFacts(place, {
        heardAt: heardBy(self, links, at),
        statusAt,
        differsSince: new Map(steps.map(({ node, differsSince }) => [node, differsSince] as const).flatMap(known)),
        keyEndsAt: keyEnds(),
        remarks: viewOf(book, book.set, 0).remarks,
      })
    },
    async overlaps(token) {
      const invitation = invitationFor(self, token)
      const { id, parent } = invitation
      if (parts.parent() === parent) return { parent, joined: true, items: [], count: 0 }
      const items: BridgeOverlaps['items'][number][] = []
      let count = 0
      const claims = claimsOf(context.directory, self)
      for (const survey of surveysOf({ invitation: id, node: self, claims })) {
        const answer = decodeSurveyAnswer(await askParent(invitation, encodeSurvey(survey), context.now))
        if ('refused' in answer) {
          // It took the question for a request to join that lacks its key.
          const code = answer.refused === 'FRAME_INVALID' ? 'PARENT_OLDER' : answer.refused
          throw new RelayError(code, { detail: { parent, ...answer.detail } })
        }
        items.push(...answer.overlaps.map((overlap) => ({ ...overlap, own: ownClaim(overlap) })))
        count += answer.count
      }
      return { parent, joined: false, items, count }
    },
  }
}

function known([node, since]: readonly [NodeId, number | null]): readonly (readonly [NodeId, number])[] {
  return since === null ? [] : [[node, since]]
}
