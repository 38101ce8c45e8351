/** The doors of one node, put together. */
import type { Connection, Sender } from '@lienthong/link'
import type { LinkDoor } from './admin-doors.ts'
import type { DirectoryStep } from './administration.ts'
import type { BundleDoor } from './bundle-door.ts'
import type { NodeContext } from './context.ts'
import type { NodeStatus } from './contract.ts'
import type { DiagnosisDoor } from './diagnosis-door.ts'
import type { NodeDoors } from './doors.ts'
import { type FigureSources, readFigures } from './figures.ts'
import type { Handover } from './handover.ts'
import { createHealth } from './health.ts'
import { createHookDoor } from './hook-door.ts'
import { keepHouse } from './housekeeping.ts'
import { clamp, createMailboxDoor } from './mailbox-door.ts'
import { publishNotices } from './notices.ts'
import type { Access } from './open-access.ts'
import { createProbe } from './probe.ts'
import { createSentDoor } from './sent-door.ts'
import type { SignalPost } from './signal-post.ts'
import { createSplitDoor } from './split-door.ts'
import { createUploadDoor } from './upload-door.ts'

/** A few milliseconds of the store. */
const maxTrafficDocuments = 1000

export interface OpenDoors {
  readonly doors: NodeDoors
  /** Those who wait hear NODE_STOPPING. Before the store closes. */
  close(): Promise<void>
}

export function openDoors(
  context: NodeContext,
  parts: {
    readonly access: Access
    readonly post: SignalPost
    readonly links: LinkDoor
    readonly diagnosis: DiagnosisDoor
    readonly bundles: BundleDoor
    readonly status: () => Promise<NodeStatus>
    readonly directories: () => Promise<readonly DirectoryStep[]> | null
    readonly connection: Connection
    readonly figures: FigureSources
    readonly handover: Pick<Handover, 'left' | 'wake'>
  },
): OpenDoors {
  const { access, post, connection } = parts
  // Of their own, so that neither notices nor probes wait behind documents for credit, or take it from them.
  const notices: Sender = connection.openSender()
  const canary: Sender = connection.openSender()
  const house = keepHouse(context)
  const unwatch = context.news.watch(publishNotices({ sender: notices, readersOf: access.systems.readersOf }))
  return {
    doors: {
      mailbox: createMailboxDoor(context, post),
      sent: createSentDoor(context),
      uploads: createUploadDoor(context),
      systems: access.systems,
      operators: access.operators,
      links: parts.links,
      diagnosis: parts.diagnosis,
      bundles: parts.bundles,
      splits: createSplitDoor(context, { onDecided: parts.handover.wake }),
      hooks: createHookDoor(context, access),
      watch: context.news.watch,
      probe: createProbe(context, canary),
      health: createHealth(context, parts),
      traffic: ({ limit, ...options }) =>
        context.store.outbox.traffic({ ...options, limit: clamp(limit, 1, maxTrafficDocuments) }),
      figures: () => readFigures(context, parts.figures),
    },
    async close() {
      unwatch()
      context.news.close()
      await Promise.all([house.stop(), notices.close(), canary.close()])
    },
  }
}
