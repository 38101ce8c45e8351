/** `where`, `ping` and `trace` before a node that says what a test wants: what people and programs get to see. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { RelayError, type Whereabouts } from '@lienthong/core'
import type { RelayNode, WhereDocument } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { socketPathOf } from '../src/control/socket-path.ts'
import { nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

async function call(t: TestContext, diagnosis: Partial<RelayNode['diagnosis']>, words: readonly string[]) {
  const cwd = temporaryFolder(t)
  const server = await openControlServer(nodeDouble({ diagnosis }), socketPathOf(cwd))
  t.after(() => server.close({ timeoutMs: 0 }))
  return callProgram([...words, '--data', cwd], { cwd: join(cwd) })
}

const link = { phase: 'open', reasons: ['pause'], since: 0, copies: 1, oldestAt: 0, queued: 3 } as const
const found: Whereabouts = {
  place: 'on-link',
  holder: 'H29',
  from: 'H29',
  next: 'G22',
  since: 0,
  code: null,
  part: null,
  link,
  certain: true,
  silent: ['G22'],
}
const document: WhereDocument = {
  uid: 'ab'.repeat(32),
  documentId: 'd',
  number: '1/VP',
  from: 'H29',
  acceptedAt: 0,
  origin: 'H29',
  recipients: [{ organ: 'H26', generation: 1, node: 'H26', whereabouts: found }],
  left: 0,
}

function whereIs(change: Partial<Whereabouts>): RelayNode['diagnosis']['where'] {
  return async () => [
    { ...document, recipients: [{ organ: 'H26', generation: 1, node: 'H26', whereabouts: { ...found, ...change } }] },
  ]
}

describe('where', () => {
  it('names the hop, the link, why and the command that mends it', async (t) => {
    let asked: unknown
    const where: RelayNode['diagnosis']['where'] = async (...question) => {
      asked = question
      return [document]
    }
    const words = ['where', '--number', '1/VP', '--date', '2026-01-15', '--to', 'H26', '--timeout', '2s']
    const { exit, stdout, stderr } = await call(t, { where }, [...words, '--lang', 'en'])
    assert.equal(exit, 0, stderr)
    assert.deepEqual(asked, [{ key: { number: '1/VP' }, date: '2026-01-15', to: 'H26' }, { timeoutMs: 2_000 }])
    assert.match(
      stdout,
      /H26 .*sent, not yet seen.*H29 → G22.*link H29 → G22: open, paused by order, since .*G22 silent/,
    )
    assert.match(stdout, /^H26: .*at H29: lienthong link resume G22$/m)
    assert.match(stderr, /Asking/)
  })

  for (const [name, change, advice] of [
    [
      'a link that is down',
      { link: { ...link, phase: 'opening', reasons: ['sender-down'] } },
      /at H29: lienthong doctor/,
    ],
    ['a child that is silent', { link: { ...link, phase: 'closed', reasons: ['silent'] } }, /G22 does not answer/],
    ['a node that is down', { link: { ...link, reasons: [] } }, /G22 does not answer; there: lienthong doctor/],
    ['an exception', { place: 'waiting', link: { ...link, reasons: ['hold'] } }, /exception.*lienthong routes show/],
    ['nothing but time', { link: { ...link, reasons: [] }, silent: [] }, /nothing is to be done; look again/],
    ['a full mailbox', { place: 'delivered', from: null, next: null, holder: 'H26' }, /mailbox list --as H26/],
    ['a dead letter', { place: 'dead', from: null, next: null, code: 'LOOP' }, /H29 could not pass it on \(LOOP\)/],
    ['a refusal', { place: 'undeliverable', from: null, next: null, code: 'SEAL_INVALID' }, /\(SEAL_INVALID\)/],
    ['its end', { place: 'collected', from: null, next: null }, /nothing is to be done$/m],
    ['an unknown', { place: 'unseen', holder: null, from: null, next: null }, /ask at its origin, H29/],
  ] as const satisfies readonly (readonly [string, Partial<Whereabouts>, RegExp])[]) {
    it(`says what to do about ${name}`, async (t) => {
      const { stdout } = await call(t, { where: whereIs(change) }, ['where', document.uid, '--lang', 'en'])
      assert.match(stdout, advice)
    })
  }

  it('is the same for programs, and says what is wrong', async (t) => {
    const json = await call(t, { where: async () => [document] }, ['where', document.uid, '-o', 'json'])
    assert.deepEqual(JSON.parse(json.stdout), { items: [document] })
    const where = async () => Promise.reject(new RelayError('NOT_FOUND', { detail: { what: 'x' } }))
    assert.equal((await call(t, { where }, ['where', document.uid])).exit, 4)
    assert.equal((await call(t, { where }, ['where'])).exit, 2)
    assert.equal((await call(t, { where }, ['where', 'x', '--timeout', '1h'])).exit, 2)
  })
})

describe('ping', () => {
  it('asks as often as it is told, and sums up', async (t) => {
    const times = [1, null, 3]
    const ping = async () => ({ organ: 'H26', node: 'H26', ms: times.shift() ?? null, clockOffsetMs: 0 })
    const { exit, stdout, stderr } = await call(t, { ping }, ['ping', 'H26', '--count', '3', '--lang', 'en'])
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /3 asked, 2 answered; min\/avg\/max 1\.0\/2\.0\/3\.0 ms/)
    assert.match(stderr, /H26: 2, no answer/)
  })

  it('fails when nobody answers, and for a count that is none', async (t) => {
    const ping = async () => ({ organ: 'H26', node: 'H26', ms: null, clockOffsetMs: null })
    const silent = await call(t, { ping }, ['ping', 'H26', '--count', '2', '-o', 'json'])
    assert.equal(silent.exit, 5)
    assert.deepEqual([JSON.parse(silent.stdout).answered, JSON.parse(silent.stdout).times], [0, null])
    assert.equal((await call(t, { ping }, ['ping', 'H26', '--count', '0'])).exit, 2)
  })
})

describe('trace', () => {
  it('shows each node, its link and where the way breaks', async (t) => {
    const reached = { tier: 'province', ms: 1.5, tableVersion: 7, directoryVersion: 3, next: 'G22', link }
    const lost = { tier: 'central', ms: null, tableVersion: null, directoryVersion: null, next: null, link: null }
    const hops = [
      { node: 'H29', ...reached },
      { node: 'G22', ...lost },
    ]
    const trace = async () => ({ organ: 'H26', name: 'x', hops, broken: { from: 'H29', to: 'G22' } })
    const { exit, stdout } = await call(t, { trace }, ['trace', 'H26', '--lang', 'en'])
    assert.equal(exit, 5)
    assert.match(stdout, /1 +H29 +province +1\.5 ms .*G22 +open .*paused by order/)
    assert.match(stdout, /2 +G22 +central +no answer/)
    assert.match(stdout, /Broken at the hop H29 → G22/)
    const whole = await call(t, { trace: async () => ({ ...(await trace()), broken: null }) }, ['trace', 'H26'])
    assert.equal(whole.exit, 0)
  })
})
