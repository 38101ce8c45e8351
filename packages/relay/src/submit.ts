/**
 * A document at the door (DESIGN §3.1): stream and hash, read the header, check, resolve recipients,
 * seal, commit. Only then is it accepted.
 */

import {
  type Core,
  changeWanted,
  copiesFor,
  documentTypes,
  type EarlierRecipient,
  type Kind,
  type Lane,
  maxCoreBytes,
  maxSegmentBytes,
  type OrganId,
  partsFor,
  planResubmission,
  RelayError,
} from '@lienthong/core'
import {
  formatDate,
  openHeaderReader,
  type PacketHeader,
  secrecyMark,
  targetsOf,
  validatePacket,
} from '@lienthong/edxml'
import { encodeCore, seal, uidOf } from '@lienthong/link'
import type { AcceptCore, StagedPayload } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { SubmitReply, SubmitRequest } from './contract.ts'
import { earlierDocuments, whereTheyWent } from './earlier-documents.ts'
import { businessTypeOf, changeAskedBy, headlineOf } from './header.ts'
import { receive, spend } from './receive.ts'
import { type Recipient, recipientsOf } from './recipients.ts'

/** OtherInfo/Priority from which a document is urgent (1 khẩn … 4 hỏa tốc hẹn giờ). */
const urgentPriority = 1
/** Room for recipients in a core; the other fields stay below 4 KiB. */
const recipientRoomBytes = maxCoreBytes - 4 * 1024
/** Attempts to agree with the store on who has this document already; more means a bug. */
const maxPlans = 5

/** What was accepted, and whether it goes before what waits in its lane. */
export interface Submitted {
  readonly reply: SubmitReply
  readonly overtakes: boolean
}

export async function submitDocument(context: NodeContext, request: SubmitRequest): Promise<Submitted> {
  const sender = senderOf(context, request.as)
  const reader = openHeaderReader()
  let complete = false
  const onChunk = (chunk: Uint8Array) => {
    if (complete) return
    complete = reader.write(chunk)
    // Before the attachments behind the header are on disk.
    if (complete) refuseSecret(reader.end())
  }
  const payload = await receive(context, request.body, onChunk)
  try {
    const header = reader.end()
    if (!sameOrgan(context, header.from.organId, sender)) {
      throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: header.from.organId, as: request.as } })
    }
    const { recipients, notices } = recipientsOf(context, header, { ...request, sender })
    await context.signatures.check(sender, header, payload)
    const submitted = await accept(context, {
      sender,
      header,
      payload,
      recipients,
      to: request.to ?? request.otherwiseTo ?? [],
      warnings: [
        ...reader.warnings.map((warning) => ({ ...warning, severity: 'warning' as const })),
        ...validatePacket(header, { today: formatDate(context.now()) }),
        ...notices,
      ],
    })
    await spend(context, request.body)
    return submitted
  } catch (error) {
    await payload.discard()
    throw error
  }
}

/** State secrets do not go over this system [QĐ 28/2018]. Throws DOCUMENT_SECRET. */
function refuseSecret(header: PacketHeader): void {
  const found = secrecyMark(header)
  if (found !== null) throw new RelayError('DOCUMENT_SECRET', { detail: { ...found } })
}

function senderOf(context: NodeContext, as: string): OrganId {
  const resolution = context.table.resolve(as)
  if (!resolution.found || resolution.by !== 'code' || resolution.node !== context.config.id) {
    throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: as } })
  }
  return resolution.organ
}

function sameOrgan(context: NodeContext, code: string, organ: OrganId): boolean {
  const resolution = context.table.resolve(code)
  return resolution.found && resolution.organ === organ
}

interface Checked {
  readonly sender: OrganId
  readonly header: PacketHeader
  readonly payload: StagedPayload
  readonly recipients: readonly Recipient[]
  /** As the sender's system named them beside the packet. */
  readonly to: readonly string[]
  readonly warnings: SubmitReply['warnings']
}

async function accept(context: NodeContext, checked: Checked): Promise<Submitted> {
  const { header, payload } = checked
  const kind: Kind = header.kind
  const named = {
    kind,
    businessType: businessTypeOf(header),
    from: checked.sender,
    documentId: documentIdOf(header),
    sha256: payload.sha256,
  }
  const uid = uidOf(named)
  const { about, warnings } = await earlierDocuments(context, { header, from: named.from, uid, to: checked.to })
  const goesFirst = isUrgent(header) || takesBack(header)
  const lane: Lane = goesFirst && payload.size <= maxSegmentBytes ? 'express' : 'bulk'
  const overtakes = goesFirst && lane === 'bulk'
  const acceptedAt = context.now()
  const base = {
    ...named,
    version: 1,
    uid,
    size: payload.size,
    segmentBytes: maxSegmentBytes,
    lane,
    sealedAt: acceptedAt,
    directoryVersion: context.table.directoryVersion,
    ...(about.length > 0 && { about }),
  } as const
  const recipients = await whereTheyWent(context, checked.recipients, { about, ...named })
  const standIns = new Map(recipients.map(({ organ, standsFor }) => [organ, standsFor]))
  let earlier: readonly EarlierRecipient[] = []
  let recalledUpTo = 0
  for (let attempt = 0; attempt < maxPlans; attempt += 1) {
    const plan = planResubmission([...standIns.keys()], earlier, { standIns, recalledUpTo, about })
    const cores = plan.send.flatMap(({ generation, organs }) =>
      sealCores(
        context,
        { ...base, generation, recipients: [] },
        recipients.filter(({ organ }) => organs.includes(organ)),
      ),
    )
    const result = await context.store.outbox.accept({
      urgent: overtakes,
      uid,
      kind,
      businessType: named.businessType,
      from: named.from,
      documentId: named.documentId,
      lane,
      segmentBytes: maxSegmentBytes,
      headline: headlineOf(header),
      payload,
      businessStatus: changeAskedBy(header, checked.to),
      about,
      cores,
      acceptedAt,
      expected: earlier,
      recalledUpTo,
      onReusedId: ownsItsId(header) ? context.config.onReusedId : 'warn',
    })
    if (result.outcome === 'reused')
      throw new RelayError('DOCUMENT_ID_REUSED', { detail: { documentId: named.documentId, uid: result.uid } })
    if (result.outcome === 'accepted') {
      const organs = plan.send.flatMap((sending) => sending.organs)
      context.observe({
        type: 'accepted',
        node: context.config.id,
        at: acceptedAt,
        uid,
        from: named.from,
        recipients: organs,
        size: payload.size,
        lane,
      })
      const already = new Set(plan.kept)
      const reply = {
        uid,
        recipients: recipients.map(({ organ }) => ({
          organ,
          outcome: already.has(organ) ? ('already' as const) : ('new' as const),
        })),
        warnings: [...checked.warnings, ...warnings],
      }
      return { reply, overtakes }
    }
    earlier = result.earlier
    recalledUpTo = result.recalledUpTo
  }
  throw new RelayError('INTERNAL', { detail: { reason: 'the store and the plan never agreed', uid } })
}

function isUrgent({ kind, priority }: PacketHeader): boolean {
  return kind === 'document' && priority >= urgentPriority
}

/** It has to be there before what it takes back. A replacement keeps the pace of a document. */
function takesBack(header: PacketHeader): boolean {
  const businessType = businessTypeOf(header)
  return changeWanted({ kind: header.kind, businessType }) === 'stop' && businessType !== documentTypes.replacement
}

/** A status, a recall or an update may carry the id of the document it is about, and the same may be said of that twice. */
function ownsItsId({ kind, businessType }: PacketHeader): boolean {
  return kind === 'document' && businessType !== documentTypes.recall && businessType !== documentTypes.update
}

/** A status packet has no id of its own: it is named by the document it answers. */
function documentIdOf(header: PacketHeader): string {
  const id = header.kind === 'status' ? (header.documentId ?? answeredIn(header)) : header.documentId
  if (id === null || id === '') throw new RelayError('DOCUMENT_ID_MISSING')
  return id
}

function answeredIn(header: PacketHeader): string | null {
  const [target] = targetsOf(header)
  if (target === undefined) return null
  const { documentId, from, date, code } = target
  return documentId ?? [from, date, code].filter((part) => part !== null).join(',')
}

/** One core, or several when it would not fit; sorted by next hop, so that few links carry more than one. */
function sealCores(context: NodeContext, base: Core, recipients: readonly Recipient[]): readonly AcceptCore[] {
  const room = { roomBytes: recipientRoomBytes, bytesOf: coreBytesOf }
  return partsFor(context.table, recipients, room).map((part) => sealCore(context, base, part))
}

function sealCore(context: NodeContext, base: Core, recipients: readonly Recipient[]): AcceptCore {
  const core = encodeCore({ ...base, recipients: recipients.map((recipient) => recipient.organ) })
  return {
    core,
    seal: seal(core, context.config.key),
    generation: base.generation,
    recipients,
    copies: copiesFor(context.table, recipients),
  }
}

/** A code and its CBOR head. */
function coreBytesOf(organ: OrganId): number {
  return Buffer.byteLength(organ) + 3
}
