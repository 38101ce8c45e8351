/** The vectors of what nodes say to each other themselves: a handover, a support bundle, a survey, a hello that says how many kinds. */
import { createHash } from 'node:crypto'

import { type Core, type HandedRow, kinds, type Path } from '@lienthong/core'
import type { HandedList, Hello, Survey, SurveyAnswer } from '@lienthong/link'
import { encodeCore, encodeHandover, encodeHello, encodeSurvey, encodeSurveyAnswer, uidOf } from '@lienthong/link'

interface Vector<Value> {
  readonly value: Value
  readonly hex: string
}

export interface NodeVectors {
  /** Rows without payload, and a core whose payload a row shares. */
  readonly handover: { readonly list: Vector<HandedList>; readonly core: Vector<Core> }
  readonly bundle: Vector<Core>
  readonly survey: { readonly asked: Vector<Survey>; readonly answered: Vector<SurveyAnswer> }
  readonly hello: Vector<Hello>
}

export function nodeVectors(about: {
  readonly document: Core
  readonly path: Path
  readonly hello: Hello
}): NodeVectors {
  const { document, path } = about
  const row: HandedRow = {
    organ: '000.00.10.H26',
    uid: document.uid,
    generation: 1,
    kind: 'document',
    businessType: 0,
    from: document.from,
    origin: 'H29.18.05',
    documentId: document.documentId,
    size: document.size,
    sha256: document.sha256,
    sealedAt: document.sealedAt,
    deliveredAt: 1_768_435_201_000,
    collectedAt: null,
    withdrawnAt: null,
    noted: false,
    path,
    state: 'initial',
    stateReason: null,
  }
  const list: HandedList = {
    rows: [{ ...row, collectedAt: 1_768_435_260_000, noted: true, state: 'done' }],
    tombstones: [
      {
        ...{ uid: '11'.repeat(32), organ: '000.00.10.H26', generation: 2, from: document.from },
        ...{ origin: 'H29.18.05', at: 1_768_435_300_000 },
      },
    ],
  }
  const archive = Buffer.from('.tar.gz')
  const bundle = coreOf('bundle', 'H29.18', 'H29', { sha256: sha256Of(archive), size: archive.length })
  const handed = { ...coreOf('handover', 'H26', 'H29.18', document), handed: [row] }
  const asked: Survey = {
    ...{ invitation: 'ab12', node: 'H29' },
    claims: { nodes: ['H29.18'], organisations: [['H29', '000.00.00.H29'], ['H29.18']] },
  }
  const answered: SurveyAnswer = {
    overlaps: [{ kind: 'organisation', code: 'H29.18', node: 'H26', organ: '000.00.18.H26', name: 'Xã' }],
    count: 1,
  }
  const hello: Hello = { ...about.hello, kinds: kinds.length }
  return {
    handover: { list: vector(list, encodeHandover), core: vector(handed, encodeCore) },
    bundle: vector(bundle, encodeCore),
    survey: {
      asked: vector(asked, encodeSurvey),
      answered: vector(answered, ({ overlaps }) => encodeSurveyAnswer(overlaps)),
    },
    hello: vector(hello, encodeHello),
  }
}

function coreOf(
  kind: 'handover' | 'bundle',
  from: string,
  to: string,
  { sha256, size }: { readonly sha256: string; readonly size: number },
): Core {
  const named = { kind, businessType: 0, from, documentId: `${kind} 1`, sha256 } as const
  return {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: [`@${to}`],
    size,
    segmentBytes: 262_144,
    lane: 'bulk',
    sealedAt: 1_768_435_300_000,
    directoryVersion: 7,
  }
}

function vector<Value>(value: Value, encode: (value: Value) => Uint8Array): Vector<Value> {
  return { value, hex: Buffer.from(encode(value)).toString('hex') }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
