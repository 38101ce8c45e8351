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
]

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
  for (const nodes of [null, ['H26']]) hurryQueries.run(session, { now, nodes })
  for (const key of [{ uid: about.uid }, { documentId: 'id-a' }, { number: 'a/UBND-VP' }]) track.run(session, key)
  deliver.run(session, {
    ...deliverRequest('q', inline('q'), { organs: ['H26.10', 'H29.18.05'] }),
    businessStatus: { documentId: 'id-a', from: 'H26.10', code: 3 },
    payload: payload('q'),
  })
  for (const all of [false, true]) operations.listMail.run(session, { organ: 'H26.10', after: 0, limit: 9, all })
  operations.acknowledge.run(session, { organ: 'H26.10', id: 1, now })
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
    for (const [text, values] of statements) {
      const plan = explain<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values).map(({ detail }) => detail)
      scans.push(
        ...plan.filter((step) => step.startsWith('SCAN') && !bounded.includes(step)).map((step) => `${step}: ${text}`),
      )
    }
    assert.ok(statements.size > 40, `${statements.size} statements`)
    assert.deepEqual(scans, [])
  })
})
