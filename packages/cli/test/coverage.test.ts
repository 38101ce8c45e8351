/** `status --coverage`, asked of a node behind a real control socket. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type Directory, readCsv } from '@lienthong/core'
import type { LinkView, RelayNode } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

const children = Array.from({ length: 14 }, (_, index) => `H29.${10 + index}`)
const directory: Directory = {
  version: 9,
  nodes: [
    { id: 'H29', tier: 'tỉnh', parent: null, keys: [{ kid: 'H29#1', publicKey: '' }] },
    ...children.map((id, index) => {
      return { id, tier: 'xã', parent: 'H29', keys: index < 2 ? [{ kid: `${id}#1`, publicKey: '' }] : [] }
    }),
    { id: 'H29.10.1', tier: 'thôn', parent: 'H29.10', keys: [{ kid: 'H29.10.1#1', publicKey: '' }] },
  ],
  organisations: [
    { id: 'H29', name: 'Tỉnh', parent: null, node: 'H29' },
    { id: 'H29.02', name: 'Sở', parent: 'H29', node: 'H29' },
  ],
}

function link(neighbour: string, open: boolean): LinkView {
  return {
    neighbour,
    direction: 'down',
    phase: open ? 'open' : 'closed',
    reasons: open ? [] : ['never-heard'],
    since: open ? 1 : null,
    place: null,
    canaryMs: null,
    peer: null,
    order: null,
    copies: 0,
    oldestAt: null,
    queued: null,
  }
}

async function open(t: TestContext) {
  const dir = temporaryFolder(t)
  mkdirSync(join(dir, 'data'))
  const double = nodeDouble({
    links: { list: async () => children.map((id, index) => link(id, index === 0)) },
    sent: {
      list: async (as) => (as === 'H29.02' ? ([{ acceptedAt: Date.now() - 1000 }] as never) : []),
    },
  })
  const node: RelayNode = Object.create(double, { directory: { value: directory } })
  const server = await openControlServer(node, join(dir, 'data', 'control.sock'))
  t.after(() => server.close({ timeoutMs: 0 }))
  const run = (...words: string[]) => callProgram(['status', '--data', 'data', ...words], { cwd: dir })
  return { dir, run }
}

describe('status --coverage', () => {
  it('says by tier who is expected, joined, heard, sends and is missing, and what is not known', async (t) => {
    const { run } = await open(t)
    const { exit, stdout } = await run('--coverage')
    assert.equal(exit, 0)
    assert.match(stdout, /^tỉnh +1 +1\/1 +1\/1 +1\/1$/m)
    assert.match(stdout, /^xã +14 +2\/14 +1\/14 +0\/14 \(2 not known\) +H29\.11, H29\.12,.*H29\.20 and 3 more$/m)
    assert.match(stdout, /^thôn +1 +1\/1 +0\/1 \(1 not known\) +0\/1 \(1 not known\)$/m)
    assert.match(stdout, /Directory version 9\..*not known here/)
    const json = JSON.parse((await run('--coverage', '-o', 'json')).stdout)
    assert.deepEqual([json.node, json.tiers[1].missing.length, json.nodes.length], ['H29', 13, 16])
  })

  it('writes each node to a sheet', async (t) => {
    const { run, dir } = await open(t)
    assert.equal((await run('--coverage', '--csv', 'out.csv')).exit, 0)
    const { rows, separator } = readCsv(readFileSync(join(dir, 'out.csv'), 'utf8'))
    assert.equal(separator, ';')
    assert.deepEqual(
      rows.slice(0, 4).map(({ cells }) => cells),
      [
        ['Node', 'Tier', 'Parent', 'Joined', 'Heard today', 'Sent in 30 days'],
        ['H29', 'tỉnh', '', 'yes', 'yes', 'yes'],
        ['H29.10', 'xã', 'H29', 'yes', 'yes', 'not known'],
        ['H29.10.1', 'thôn', 'H29.10', 'yes', 'not known', 'not known'],
      ],
    )
    assert.equal(rows.length, 17)
    assert.equal((await run('--csv', 'out.csv')).exit, 2)
  })
})
