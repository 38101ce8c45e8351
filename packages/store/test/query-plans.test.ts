import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultQueryTiming } from '@lienthong/core'
import { operations } from '../src/writer/operations.ts'
import type { IncomingPayload } from '../src/writer/payloads.ts'
import type { Session } from '../src/writer/session.ts'
import { openSession } from '../src/writer/session.ts'
import type { SqlValue } from '../src/writer/sql.ts'
import { acceptRequest, delivered, deliverRequest, inline, now, temporaryDir, uidOf } from './samples.ts'

/** Scans that are bounded by something else than the number of documents. */
const bounded = [
  'SCAN CONSTANT ROW',
  // A list of parameters.
  'SCAN json_each VIRTUAL TABLE INDEX 1:',
  // The page of due queries just cut by its limit.
  'SCAN q',
  // Open assemblies are capped per link.
  'SCAN assembly',
  // At most as many rows as are forgotten in one call, from the oldest on.
  'SCAN change',
  'SCAN (subquery-1)',
  // The oldest of those not settled.
  'SCAN document USING INDEX document_unsettled',
  // A row per table.
  'SCAN sqlite_sequence',
  'SCAN pragma_page_count VIRTUAL TABLE INDEX 0:',
  'SCAN pragma_page_size VIRTUAL TABLE INDEX 0:',
  // As many as there are nodes, read once at start.
  'SCAN announcement USING INDEX sqlite_autoindex_announcement_1',
  'SCAN announced_key',
  // Children and parent.
  'SCAN neighbour',
  'SCAN invitation',
  'SCAN directory_state',
  // Bounded per system.
  'SCAN hook',
]

/** All that one organisation ever sent or got: only to be entered at a place in it, for a page. */
const byOwner = /(document_by_sender|mailbox_by_organ|change_by_sender)/

function recordStatements({ sql }: Session): ReadonlyMap<string, readonly SqlValue[]> {
  const statements = new Map<string, readonly SqlValue[]>()
  for (const method of ['run', 'insert', 'insertNew', 'get', 'all'] as const) {
    const original = sql[method].bind(sql) as (text: string, ...values: SqlValue[]) => never
    sql[method] = (text: string, ...values: SqlValue[]) => {
      statements.set(text, [...values])
      return original(text, ...values)
    }
  }
  return statements
}

function useEverything(session: Session): void {
  const payload = (name: string): IncomingPayload => {
    const { bytes, sha256 } = inline(name)
    return { sha256, size: bytes.byteLength, bytes, placed: false }
  }
  const { accept, page, dispatched, resend, dueQueries, hurryQueries, track, deliver, applySignals } = operations
  const about = { uid: uidOf('a'), generation: 1 }
  for (let round = 0; round < 2; round += 1) {
    accept.run(session, {
      ...acceptRequest({ name: 'a' }, { ...payload('a'), discard: async () => undefined }),
      payload: payload('a'),
    })
  }
  page.run(session, { hop: 'up', lane: 'bulk', after: 0, limit: 9 })
  dispatched.run(session, { sent: [{ seq: 1 }], now })
  resend.run(session, { ...about, organs: ['H26.10'], missing: 'all', hop: 'up' })
  dueQueries.run(session, { now: now + 1e9, limit: 9, held: [{ node: 'G12', lane: 'bulk' }] })
  operations.dueAt.run(session, { held: [{ node: 'G12', lane: 'bulk' }] })
  for (const nodes of [null, ['H26']]) hurryQueries.run(session, { now, nodes })
  for (const key of [{ uid: about.uid }, { documentId: 'id-a' }, { number: 'a/UBND-VP' }]) track.run(session, key)
  deliver.run(session, {
    ...deliverRequest('q', inline('q'), { organs: ['H26.10', 'H29.18.05'] }),
    from: 'H26.10',
    businessStatus: {
      about: [{ documentId: 'unknown' }, { number: 'a/UBND-VP', date: '2025/06/15' }],
      code: 3,
      description: null,
    },
    payload: payload('q'),
  })
  for (const all of [false, true]) operations.listMail.run(session, { organ: 'H26.10', after: 0, limit: 9, all })
  operations.acknowledge.run(session, { organ: 'H26.10', id: 1, now, lease: null })
  operations.dueCollected.run(session, { now: now + 1e9, limit: 9, timing: defaultQueryTiming })
  operations.noted.run(session, { ...about, organs: ['H26.10'], origin: 'H29' })
  operations.payloadOf.run(session, about)
  operations.receipts.run(session, { ...about, organs: ['H26.10'] })
  applySignals.run(session, { now, signals: [delivered('a')] })
  operations.inlinePayload.run(session, { sha256: 'x' })
  operations.orphanFiles.run(session, { sha256: ['x'] })
  operations.backlog.run(session, null)
  operations.loadAssembly.run(session, about)
  operations.listAssemblies.run(session, null)
  operations.deadLetters.run(session, { after: 0, limit: 9 })
  useDoors(session)
}

function useDoors(session: Session): void {
  const mail = { organ: 'H26.10', limit: 9 }
  const act = { at: now, type: 'test', detail: {} }
  deliverAgain(session)
  for (const kind of [null, 'status'] as const) operations.countMail.run(session, { organ: mail.organ, kind })
  const [leased] = operations.leaseMail.run(session, { ...mail, now, until: now + 1 })
  assert.ok(leased)
  const key = { organ: mail.organ, id: leased.item.id, lease: leased.lease }
  operations.renewLease.run(session, { ...key, until: now + 2 })
  operations.releaseLease.run(session, { ...key, reason: 'why', heldUntil: 0 })
  const from = 'H29.18.05'
  for (const key of [{ uid: uidOf('a') }, { documentId: 'id-a' }, { number: 'a/UBND-VP' }])
    operations.trackOf.run(session, { from, key })
  operations.sent.run(session, { from, limit: 9, since: now })
  operations.sent.run(session, { from, limit: 9, after: 0 })
  operations.traffic.run(session, { since: now, after: 0, limit: 9 })
  operations.listChanges.run(session, { from, after: 0, limit: 9 })
  operations.lastChange.run(session, null)
  operations.trimChanges.run(session, { before: now })
  const hook = { id: 'h', system: 'dms', organ: from, url: '', createdAt: now, pausedAt: null }
  const secret = { kid: '', bytes: new Uint8Array(1) }
  operations.addHook.run(session, { hook: { ...hook, events: ['arrived', 'delivered'], secret }, act })
  operations.getHook.run(session, { key: { system: 'dms', id: 'h' }, now })
  operations.rotateHook.run(session, { key: { system: 'dms', id: 'h' }, secret, earlierUntil: now, act })
  operations.unclaimHooks.run(session, {})
  operations.claimHooks.run(session, { now, claimMs: 1, limit: 9, events: 9, owners: [['dms', from]] })
  operations.getUpload.run(session, { system: 'dms', id: 'x' })
  operations.openUpload.run(session, { system: 'dms', sha256: null, size: 1, now, maxBytes: 9, maxCount: 9 })
  operations.advanceUpload.run(session, { id: 'x', received: 1, now })
  operations.staleUploads.run(session, { before: now, spentBefore: now })
  useDirectory(session)
  operations.figures.run(session, null)
  operations.touch.run(session, { now })
}

function useDirectory(session: Session): void {
  const version = { epoch: 1, version: 1 }
  const content = { children: [], organisations: [], groups: {}, exceptions: [] }
  operations.writeDirectory.run(session, {
    announcements: [
      { node: 'H29', ...version, bytes: new Uint8Array(1), seal: new Uint8Array(1), publicKey: '', at: now },
    ],
    dropped: ['H26'],
    keys: [['H29', { kid: 'H29#1', publicKey: '' }]],
    declared: { ...version, at: now, by: '', reason: '', base: null, content },
    unchanged: { epoch: version.epoch, version: version.version + 1, at: now, by: '', reason: '', base: version },
    state: { version: 1, nextEpoch: 1 },
    neighbours: [{ node: 'G22', role: 'parent', sealed: { kid: '', bytes: new Uint8Array(1) } }, { node: 'H26' }],
    invitations: [
      {
        id: 'a',
        child: 'H29.18',
        createdAt: now,
        expiresAt: now,
        usedBy: null,
        sealed: { kid: '', bytes: new Uint8Array(1) },
      },
      { id: 'b' },
    ],
  })
  operations.loadDirectory.run(session, null)
  operations.declaredHistory.run(session, { limit: 9, before: version })
}

function deliverAgain(session: Session): void {
  const { bytes, sha256 } = inline('r')
  operations.deliver.run(session, {
    ...deliverRequest('r', inline('r')),
    payload: { sha256, size: bytes.byteLength, bytes, placed: false },
  })
}

describe('the statements of the writer', () => {
  it('find their rows by an index, however many documents there are', async (t) => {
    const dir = await temporaryDir(t)
    const session = openSession({ dir, queryTiming: defaultQueryTiming, maxDatabaseBytes: null })
    t.after(async () => session.close())
    const explain = session.sql.all.bind(session.sql)
    const statements = recordStatements(session)

    useEverything(session)

    const scans: string[] = []
    const walks: string[] = []
    for (const [text, values] of statements) {
      const plan = explain<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values).map(({ detail }) => detail)
      walks.push(
        ...plan.filter((step) => byOwner.test(step) && !step.includes('rowid')).map((step) => `${step}: ${text}`),
      )
      scans.push(
        ...plan.filter((step) => step.startsWith('SCAN') && !bounded.includes(step)).map((step) => `${step}: ${text}`),
      )
    }
    assert.deepEqual(walks, [])
    assert.ok(statements.size > 40, `${statements.size} statements`)
    assert.deepEqual(scans, [])
  })
})
