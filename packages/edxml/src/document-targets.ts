/**
 * Which earlier document a packet means: a recall, an update, a replacement or a status names it in the places its
 * producer chose, and not always in the right one.
 *
 *   recall, update    Bussiness/DocumentId → MessageHeader/DocumentId → ResponseFor/DocumentId → number and date
 *   replacement       each ReplacementInfo/DocumentId; without a list as a recall, but not by its own id or number
 *   status            ResponseFor/DocumentId → MessageHeader/DocumentId → ResponseFor/Code and date
 *
 * Only the issuer may recall, update, replace or take back (13), so `from` is the sender of those packets, whatever
 * they name. All other statuses are about a document of the organisation they go to.
 */
import { documentTypes, isNewForm, isOldForm, statusCodes } from '@lienthong/core'
import { idPrefix, isCode, partiesOf, sameCode } from './organ-shape.ts'
import type { PacketHeader, ResponseFor } from './packet.ts'

/** Where a target was found. `swapped`: in a ResponseFor whose OrganId and Code had changed places. */
export type TargetVia = 'business' | 'document' | 'response' | 'replacement' | 'number' | 'response-number' | 'swapped'

/** One way the document may be known: by its id, or by its number and date of issue. */
export interface DocumentTarget {
  readonly documentId: string | null
  /** Number and notation, `267/VPCP-TTĐT`; null when there is an id. */
  readonly code: string | null
  /** As written; may be missing beside a code. */
  readonly date: string | null
  /** The organisation that issued it; null where the packet does not tell. */
  readonly from: string | null
  readonly via: TargetVia
}

export interface ReplacedDocument {
  /** Ways it may be known, best first; none when the packet does not say which document is meant. */
  readonly targets: readonly DocumentTarget[]
  /** Who had received it. */
  readonly receivers: readonly string[]
}

export interface TargetHints {
  /** The other party as the sender's system named it beside the packet. */
  readonly to?: readonly string[]
}

/**
 * Ways the one earlier document may be known, best first: the caller takes the first it finds. Empty for a new
 * document, and for a replacement that lists what it replaces: see `replacedDocuments`.
 */
export function targetsOf(header: PacketHeader, hints: TargetHints = {}): readonly DocumentTarget[] {
  if (header.kind === 'status') return statusTargetsOf(header, hints.to ?? [])
  const { businessType } = header
  if (businessType === documentTypes.recall || businessType === documentTypes.update) {
    return ownTargets(header, hints.to ?? [], true)
  }
  if (businessType !== documentTypes.replacement || header.business.replacements.length > 0) return []
  return ownTargets(header, hints.to ?? [], false)
}

/** Each document a replacement replaces, with the list of those who had received it. Empty for every other packet. */
export function replacedDocuments(header: PacketHeader, hints: TargetHints = {}): readonly ReplacedDocument[] {
  if (header.kind !== 'document' || header.businessType !== documentTypes.replacement) return []
  const { replacements } = header.business
  if (replacements.length === 0) return [{ targets: targetsOf(header, hints), receivers: [] }]
  return replacements.map(({ documentId, organIds }) => ({
    targets:
      documentId === null
        ? // Nothing else says which of several is meant.
          replacements.length > 1
          ? []
          : ownTargets(header, hints.to ?? [], false)
        : [byId(documentId, header.from.organId, 'replacement')],
    receivers: organIds,
  }))
}

/** Number and notation in one, as people write them: `123/UBND-VP`. */
export function codeText({ code: { number, notation } }: Pick<PacketHeader, 'code'>): string | null {
  return number === null ? null : notation === null ? number : `${number}/${notation}`
}

/** True when OrganId and Code of a ResponseFor stand in each other's place. `parties`: codes known from elsewhere. */
export function isSwapped(answered: ResponseFor, parties: readonly string[] = []): boolean {
  const { organId, code, documentId } = answered
  if (organId === null || code === null || organId.toLowerCase() === 'null') return false
  const known = [...parties, ...[idPrefix(documentId)].filter((prefix) => prefix !== null)]
  const isParty = (text: string): boolean =>
    isCode(text) && (isOldForm(text) || isNewForm(text) || known.some((party) => sameCode(party, text)))
  return isParty(code) && !isParty(organId)
}

/** Of a document its sender issued. `itself`: the packet may carry the id and number of the document it means. */
function ownTargets(header: PacketHeader, parties: readonly string[], itself: boolean): readonly DocumentTarget[] {
  const from = header.from.organId
  const code = codeText(header)
  return distinct([
    header.business.documentId === null ? null : byId(header.business.documentId, from, 'business'),
    itself && header.documentId !== null ? byId(header.documentId, from, 'document') : null,
    ...header.responseFor.map((answered) => answeredId(answered, from)),
    itself && code !== null ? byNumber(code, header.promulgationDate, from, 'number') : null,
    ...header.responseFor.map((answered) => answeredNumber(answered, from, parties)),
  ])
}

function statusTargetsOf(header: PacketHeader, parties: readonly string[]): readonly DocumentTarget[] {
  const self = header.from.organId
  const isOwn = header.statusCode === statusCodes.takeBack
  const issuer = (answered: readonly ResponseFor[]): string | null => (isOwn ? self : issuerOf(answered, self, parties))
  return distinct([
    ...header.responseFor.map((answered) => answeredId(answered, issuer([answered]))),
    header.documentId === null ? null : byId(header.documentId, issuer(header.responseFor), 'document'),
    ...(isOwn ? header.responseFor.map((answered) => ownIdOf(answered, self, parties)) : []),
    ...header.responseFor.map((answered) => answeredNumber(answered, issuer([answered]), parties)),
  ])
}

/** The organisation a status goes to is the one that issued the document. */
function issuerOf(answered: readonly ResponseFor[], self: string, parties: readonly string[]): string | null {
  const candidates = partiesOf(answered, self)
  const confirmed = candidates.find((candidate) => parties.some((party) => sameCode(party, candidate)))
  return confirmed ?? (parties.length === 1 ? parties[0] : undefined) ?? candidates[0] ?? null
}

/** Who swaps the fields of a take-back also puts the recipient's code in front of the id instead of its own. */
function ownIdOf(answered: ResponseFor, self: string, parties: readonly string[]): DocumentTarget | null {
  const { documentId } = answered
  const prefix = idPrefix(documentId)
  if (documentId === null || prefix === null || !isSwapped(answered, parties)) return null
  return byId(self + documentId.slice(prefix.length), self, 'swapped')
}

function answeredId({ documentId }: ResponseFor, from: string | null): DocumentTarget | null {
  return documentId === null ? null : byId(documentId, from, 'response')
}

function answeredNumber(answered: ResponseFor, from: string | null, parties: readonly string[]): DocumentTarget | null {
  const { organId, code, promulgationDate } = answered
  if (organId !== null && isSwapped(answered, parties)) return byNumber(organId, promulgationDate, from, 'swapped')
  return code === null ? null : byNumber(code, promulgationDate, from, 'response-number')
}

function byId(documentId: string, from: string | null, via: TargetVia): DocumentTarget {
  return { documentId, code: null, date: null, from, via }
}

function byNumber(code: string, date: string | null, from: string | null, via: TargetVia): DocumentTarget {
  return { documentId: null, code, date, from, via }
}

/** The first of those that mean the same. */
function distinct(list: readonly (DocumentTarget | null)[]): readonly DocumentTarget[] {
  const targets = new Map<string, DocumentTarget>()
  for (const target of list) {
    if (target === null) continue
    const key = JSON.stringify([target.documentId, target.code, target.date, target.from])
    if (!targets.has(key)) targets.set(key, target)
  }
  return [...targets.values()]
}
