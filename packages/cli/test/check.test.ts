/** Checks: what is measured, how bad it is, and in which form it is said. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { createServer } from 'node:tls'
import type { LinkView, NodeHealth } from '@lienthong/relay'
import { certificateAt, certificateIn } from '../src/check/certificates.ts'
import { openControlServer } from '../src/control/server.ts'
import { nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'
import { at, day, sampleHealth, up as sampleUp } from './support/sample-health.ts'

const up: LinkView = { ...sampleUp, copies: 3, oldestAt: at - 60_000, queued: { express: 0, bulk: 7 } }
const down: LinkView = { ...up, neighbour: 'H29.18', direction: 'down', canaryMs: null, copies: 0 }
const healthy: NodeHealth = {
  ...sampleHealth,
  tableVersion: 1,
  backlog: { documents: 2, copies: 5 },
  links: [up, down],
}

const newer = { instance: 'ab', versions: [1], tableVersion: 4 }
const apart = (ms: number) => ({ node: 'G22', differsSince: at - ms })

async function node(t: TestContext, change: Partial<NodeHealth> = {}) {
  const dir = temporaryFolder(t)
  const server = await openControlServer(
    nodeDouble({ health: async () => ({ ...healthy, ...change }) }),
    join(dir, 'control.sock'),
  )
  t.after(() => server.close({ timeoutMs: 0 }))
  return (...words: string[]) => callProgram(['check', ...words, '--data', dir])
}

describe('a check', () => {
  it('is well when everything is', async (t) => {
    const check = await node(t)
    for (const what of ['link', 'queue', 'cert', 'disk', 'peer']) {
      const { exit, stdout, stderr } = await check(what, '--format', 'json')
      assert.equal(exit, 0, `${what}: ${stdout}${stderr}`)
      const { level, measures } = JSON.parse(stdout)
      assert.equal(level, 'ok')
      assert.ok(measures.length > 0)
    }
  })

  const cases: readonly [string, readonly string[], Partial<NodeHealth>, number][] = [
    ['a link that is down', ['link'], { links: [{ ...up, phase: 'opening', since: at - 400_000 }] }, 2],
    ['one that is down for a moment', ['link'], { links: [{ ...up, phase: 'stalled', since: at - 61_000 }] }, 1],
    [
      'one down within the bounds',
      ['link', '--warning', '10m', '--critical', '1h'],
      { links: [{ ...up, phase: 'closed', since: at - 400_000 }] },
      0,
    ],
    [
      'a child nobody heard',
      ['link'],
      { links: [{ ...down, phase: 'closed', since: null, reasons: ['never-heard'] }] },
      1,
    ],
    [
      'a link paused by order',
      ['link'],
      {
        links: [
          {
            ...up,
            reasons: ['pause'],
            order: { neighbour: 'G22', stop: 'pause', until: null, bytesPerSecond: null, by: 'x', reason: '', at },
          },
        ],
      },
      1,
    ],
    [
      'another link than the one asked for',
      ['link', 'H29.18'],
      { links: [{ ...up, phase: 'closed', since: 0 }, down] },
      0,
    ],
    [
      'a child that cannot be heard without a broker',
      ['link'],
      { links: [down], broker: { open: false, blocked: null, lastError: null } },
      2,
    ],
    ['a link nobody knows', ['link', 'X'], {}, 3],
    ['a table that is behind the parent', ['directory'], { tableVersion: 0, links: [{ ...up, peer: newer }] }, 1],
    ['another directory than the parent', ['directory', 'G22'], { directories: [apart(1_800_000)] }, 1],
    ['one that is so for a moment', ['directory', 'G22'], { directories: [apart(1_799_000)] }, 0],
    ['one that is so for a day', ['directory'], { links: [up], directories: [apart(day)] }, 2],
    ['a neighbour that does not say what it has', ['directory'], { directories: [apart(0)] }, 3],
    ['documents that wait long', ['queue'], { oldestDocumentAt: at - 2 * 3_600_000 }, 2],
    ['a dead letter', ['queue'], { deadLetters: 1 }, 1],
    ['a key that ends soon', ['cert'], { keys: [{ name: 'H29#2', endsAt: at + 59 * day, inUse: true }] }, 1],
    ['a key that has ended', ['cert'], { keys: [{ name: 'H29#2', endsAt: at - day, inUse: true }] }, 2],
    ['a disk that fills', ['disk'], { disk: { path: '/', freeBytes: 149, totalBytes: 1000 } }, 1],
    ['a disk that is full', ['disk', '--critical', '10'], { disk: { path: '/', freeBytes: 99, totalBytes: 1000 } }, 2],
    ['a disk nobody can see', ['disk'], { disk: null }, 3],
    ['a parent that is slow', ['peer'], { links: [{ ...up, canaryMs: 3_000 }] }, 1],
    [
      'a parent that speaks another language',
      ['peer'],
      { links: [{ ...up, peer: { instance: '', versions: [99], tableVersion: 1 } }] },
      2,
    ],
    ['a child that is silent', ['peer'], { links: [{ ...down, phase: 'closed' }] }, 1],
  ]
  for (const [name, words, change, exit] of cases) {
    it(`ends with ${exit} for ${name}`, async (t) => {
      const check = await node(t, change)
      const ended = await check(...words)
      assert.equal(ended.exit, exit, ended.stdout + ended.stderr)
    })
  }

  it('says that a node does not answer, in every form', async (t) => {
    const dir = temporaryFolder(t)
    for (const format of ['text', 'json', 'nagios', 'prometheus']) {
      const { exit, stdout } = await callProgram(['check', 'link', '--data', dir, '--format', format])
      assert.equal(exit, 2)
      assert.match(stdout, format === 'prometheus' ? /lienthong_check_level\{.*\} 2/ : /NODE_NOT_RUNNING/)
    }
    assert.equal((await callProgram(['check', 'disk', '--warning', 'many', '--data', dir])).exit, 2)
  })

  it('writes one line with figures for monitoring plugins', async (t) => {
    const check = await node(t, {
      links: [{ ...up, phase: 'opening', reasons: ['sender-down: a|b'], since: at - 75_000 }],
    })
    const { exit, stdout } = await check('link', '--format', 'nagios')
    assert.equal(exit, 1)
    assert.equal(
      stdout,
      "LINK WARNING - G22 down_seconds 75s opening sender-down: a b | 'G22 down_seconds'=75s;60;300\n",
    )
    const disk = await (await node(t))('disk', '--format', 'nagios')
    assert.match(disk.stdout, /^DISK OK - .* \| '\/data free_percent'=60%;15:;5: /)
  })

  it('writes metrics for Prometheus', async (t) => {
    const check = await node(t)
    const { stdout } = await check('queue', '--format', 'prometheus')
    assert.match(stdout, /^lienthong_check_queue_oldest_seconds\{node="H29"\} 60$/m)
    assert.match(stdout, /^lienthong_check_queue_copies\{node="H29",about="G22"\} 3$/m)
    assert.match(stdout, /^lienthong_check_level\{node="H29",check="queue"\} 0$/m)
    for (const line of stdout.trim().split('\n')) assert.match(line, /^(# TYPE \w+ gauge|\w+\{.*\} [\d.-]+)$/)
  })
})

describe('a certificate for TLS', () => {
  const fixture = (name: string) => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')

  it('is seen by whoever connects, whoever has signed it, and in its file', async (t) => {
    const pem = fixture('server.pem')
    const server = createServer({ cert: pem, key: fixture('server-key.pem') }, (socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const { port } = server.address() as { port: number }
    const seen = await certificateAt({ name: 'x', host: '127.0.0.1', port })
    assert.deepEqual(seen, certificateIn('x', pem))
    assert.equal(new Date(seen?.endsAt ?? 0).getUTCFullYear(), 2051)
    assert.equal(await certificateAt({ name: 'x', host: '127.0.0.1', port: 1 }), null)
    assert.equal(certificateIn('x', 'no PEM'), null)
  })
})
