/** The vectors of a recall: its core names what it recalls, its receipt says what became of that. */
import { createHash } from 'node:crypto'

import type { Core, Receipt, Signal } from '@lienthong/core'
import { encodeCore, encodeSignals, uidOf } from '@lienthong/link'

export interface RecallVectors {
  readonly core: { readonly value: Core; readonly hex: string }
  readonly signals: { readonly value: readonly Signal[]; readonly hex: string }
}

export function recallVectors({
  recalled,
  receipt,
}: {
  readonly recalled: Core
  readonly receipt: Receipt
}): RecallVectors {
  const payload = Buffer.from('Thu hồi')
  const named = {
    kind: 'document',
    businessType: 1,
    from: recalled.from,
    documentId: '000.05.18.H29,2026/01/16,124/UBND-VP',
    sha256: createHash('sha256').update(payload).digest('hex'),
  } as const
  const core: Core = {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: recalled.recipients,
    size: payload.length,
    segmentBytes: 262_144,
    lane: 'express',
    sealedAt: 1_768_435_300_000,
    directoryVersion: 7,
    about: [
      { uid: recalled.uid, generation: 1 },
      { uid: '11'.repeat(32), generation: 2 },
    ],
  }
  const about = { uid: core.uid, generation: 1 }
  const signals: readonly Signal[] = [
    {
      type: 'delivered',
      ...about,
      receipts: [
        { ...receipt, effects: ['asked', 'stopped'] },
        { ...receipt, organ: '000.00.02.H29', effects: ['withdrawn', 'stopped'] },
      ],
    },
    // Beside a receipt that has none.
    { type: 'answer', ...about, number: 1, receipts: [{ ...receipt, effects: ['stopped'] }, receipt], missing: 'none' },
  ]
  return {
    core: { value: core, hex: hex(encodeCore(core)) },
    signals: { value: signals, hex: hex(encodeSignals(signals)) },
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
