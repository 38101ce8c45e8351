/** Support bundles that children have sent, and those of this node on their way. */
import { outgrown } from '@lienthong/core'
import type { BundleRecord, BundleUnderWay, TakeBundleOutcome, TakeBundleRequest } from '../contract-bundles.ts'
import { appendEvent } from './ledger.ts'
import { receipts } from './mailbox.ts'
import { holdPayload, type IncomingPayload, ownsFile, releasePayload } from './payloads.ts'
import type { Session } from './session.ts'
import { endAssembly, insertReceipt } from './take-over.ts'

export type TakeBundleArguments = Omit<TakeBundleRequest, 'payload'> & { readonly payload: IncomingPayload }

export interface TakeBundleReply extends TakeBundleOutcome {
  readonly fileOwned: boolean
  readonly assembled: boolean
}

const columns = 'id, uid, child, sha256, size, sent_at AS sentAt, received_at AS receivedAt'

export function takeBundle(session: Session, request: TakeBundleArguments): TakeBundleReply {
  const { uid, generation, organ, payload } = request
  const about = { uid, generation, organs: [organ] }
  const isNew = receipts(session, about).length === 0
  const dropped = isNew ? keep(session, request) : []
  return {
    receipts: receipts(session, about),
    dropped,
    fileOwned: ownsFile(session, payload),
    assembled: endAssembly(session, uid),
  }
}

function keep(session: Session, request: TakeBundleArguments): readonly BundleRecord[] {
  const { uid, child, payload, sealedAt, deliveredAt: at, room } = request
  insertReceipt(session, { ...request, kind: 'bundle', from: child })
  holdPayload(session, payload, 1)
  session.sql.run(
    'INSERT INTO bundle (uid, child, sha256, size, sent_at, received_at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[uid, child, payload.sha256, payload.size, sealedAt, at],
  )
  appendEvent(session, { at, type: 'support.receive', uid, detail: factsOf({ child, ...payload }) })
  const kept = listBundles(session)
  const goes = new Set(outgrown(kept, room))
  const dropped = kept.filter(({ id }) => goes.has(id))
  for (const bundle of dropped) drop(session, bundle, { at, type: 'support.drop', detail: { for: uid } })
  return dropped
}

export function listBundles({ sql }: Session): BundleRecord[] {
  return sql.all<BundleRecord>(`SELECT ${columns} FROM bundle ORDER BY id DESC`)
}

export function getBundle({ sql }: Session, { id }: { readonly id: number }): BundleRecord | null {
  return sql.get<BundleRecord>(`SELECT ${columns} FROM bundle WHERE id = ?`, id) ?? null
}

export interface RemoveBundleArguments {
  readonly id: number
  readonly by: string
  readonly at: number
}

export function removeBundle(session: Session, { id, by, at }: RemoveBundleArguments): BundleRecord | null {
  const bundle = getBundle(session, { id })
  if (bundle !== null) drop(session, bundle, { at, type: 'support.delete', detail: { by } })
  return bundle
}

interface Why {
  readonly at: number
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

function drop(session: Session, bundle: BundleRecord, { at, type, detail }: Why): void {
  session.sql.run('DELETE FROM bundle WHERE id = ?', bundle.id)
  releasePayload(session, bundle.sha256)
  appendEvent(session, { at, type, uid: bundle.uid, detail: { ...factsOf(bundle), ...detail } })
}

function factsOf({ child, sha256, size }: Pick<BundleRecord, 'child' | 'sha256' | 'size'>) {
  return { child, sha256, size }
}

export function bundlesUnderWay({ sql }: Session): BundleUnderWay[] {
  return sql.all<BundleUnderWay>(
    `SELECT d.uid, r.generation, r.organ, r.node FROM document d JOIN recipient r ON r.document = d.id
     WHERE d.kind = 'bundle' AND d.unsettled > 0 AND r.settled = 0`,
  )
}
