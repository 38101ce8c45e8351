/**
 * Asked with an invitation before it is used: which codes of an axis mean something else at the parent. A question and an
 * answer at the desk where others join (PROTOCOL.md §20); nothing is admitted, and a parent that does not know the question
 * refuses it, for it lacks the key that every request to join has.
 */
import { type Claims, type ErrorCode, type ErrorDetail, type Overlap, overlapKinds, RelayError } from '@lienthong/core'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { intMap, list, text, uint } from './fields.ts'
import { decodeJoinAnswer } from './join.ts'
import { frameInvalid } from './refusal.ts'

/** Nodes and organisations of one question together, at most: some 300 KiB. */
export const maxClaims = 4_000
/** Of an organisation. */
const maxCodes = 4
/** Overlaps told one by one in an answer; the others are counted. */
export const maxOverlaps = 1_000
const maxNameBytes = 1_024

const version = 1
const fields = { version: 1, invitation: 2, node: 4, nodes: 16, organisations: 17, overlaps: 18, count: 19 } as const

export interface Survey {
  readonly invitation: string
  readonly node: string
  readonly claims: Claims
}

export interface SurveyAnswer {
  /** The first `maxOverlaps`. */
  readonly overlaps: readonly Overlap[]
  readonly count: number
}

export function encodeSurvey({ invitation, node, claims }: Survey): Uint8Array {
  return encodeCbor(
    new Map<number, unknown>([
      [fields.version, version],
      [fields.invitation, invitation],
      [fields.node, node],
      [fields.nodes, claims.nodes],
      [fields.organisations, claims.organisations],
    ]),
  )
}

/** null: it is no survey. Throws FRAME_INVALID. */
export function decodeSurvey(body: Uint8Array): Survey | null {
  const map = mapIn(body)
  if (!map.has(fields.nodes)) return null
  const nodes = list(map.get(fields.nodes), 'nodes', maxClaims)
  const organisations = list(map.get(fields.organisations), 'organisations', maxClaims - nodes.length)
  return {
    invitation: text(map.get(fields.invitation), 'invitation'),
    node: text(map.get(fields.node), 'node'),
    claims: {
      nodes: nodes.map((id) => text(id, 'nodes')),
      organisations: organisations.map((codes) => list(codes, 'codes', maxCodes, 1).map((code) => text(code, 'codes'))),
    },
  }
}

export function encodeSurveyAnswer(overlaps: readonly Overlap[]): Uint8Array {
  const told = overlaps.slice(0, maxOverlaps).map(({ kind, code, node, organ, name }) => {
    return [overlapKinds.indexOf(kind), code, node, organ, shortened(name)]
  })
  return encodeCbor(
    new Map<number, unknown>([
      [fields.version, version],
      [fields.overlaps, told],
      [fields.count, overlaps.length],
    ]),
  )
}

/** Throws FRAME_INVALID. */
export function decodeSurveyAnswer(body: Uint8Array): SurveyAnswer | { refused: ErrorCode; detail: ErrorDetail } {
  const map = mapIn(body)
  if (!map.has(fields.overlaps)) {
    const refusal = decodeJoinAnswer(body)
    if ('refused' in refusal) return refusal
    throw frameInvalid('survey', 'is answered by a grant')
  }
  const overlaps = list(map.get(fields.overlaps), 'overlaps', maxOverlaps).map((each): Overlap => {
    const [kind, code, node, organ, name] = list(each, 'overlap', 5, 5)
    const known = overlapKinds[uint(kind, 'kind', overlapKinds.length - 1)]
    if (known === undefined) throw frameInvalid('kind', 'is not known')
    const maybe = (value: unknown, what: string) => (value === null ? null : text(value, what))
    const written = name === '' ? '' : text(name, 'name', maxNameBytes)
    return {
      kind: known,
      code: text(code, 'code'),
      node: maybe(node, 'node'),
      organ: maybe(organ, 'organ'),
      name: written,
    }
  })
  return { overlaps, count: uint(map.get(fields.count), 'count') }
}

/** Questions that together ask about all of it. */
export function surveysOf({ invitation, node, claims }: Survey): readonly Survey[] {
  const { nodes, organisations } = claims
  const parts: Survey[] = []
  for (let next = 0; next === 0 || next < nodes.length + organisations.length; next += maxClaims) {
    const end = next + maxClaims
    const part = {
      nodes: nodes.slice(next, end),
      organisations: organisations.slice(Math.max(0, next - nodes.length), Math.max(0, end - nodes.length)),
    }
    parts.push({ invitation, node, claims: part })
  }
  return parts
}

function mapIn(body: Uint8Array): ReadonlyMap<number, unknown> {
  try {
    const map = intMap(decodeCbor(body, 'survey'), 'survey')
    uint(map.get(fields.version), 'version', version, version)
    return map
  } catch (cause) {
    throw cause instanceof RelayError ? cause : frameInvalid('survey', 'is not CBOR', cause)
  }
}

function shortened(name: string): string {
  return [...name].slice(0, maxNameBytes / 4).join('')
}
