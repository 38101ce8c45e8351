/** `bridge check`, and how `node bridge` asks, at a node behind a real control socket. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type BridgeFacts, RelayError, readCsv } from '@lienthong/core'
import type { BridgeOverlaps, JoiningDoor } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

const known = { tier: 'xã', parent: 'H29', statusAt: null, differsSince: null, keyEndsAt: null }
const facts: BridgeFacts = {
  node: 'H29',
  at: 0,
  nodes: [
    { ...known, node: 'H29', parent: null, joined: true, heard: true, organ: 'H29' },
    { ...known, node: 'H29.18', joined: true, heard: true, organ: 'H29.18' },
    { ...known, node: 'H29.19', joined: true, heard: null, organ: 'H29.19' },
  ],
  organisations: 3,
  uncoded: [],
  certificates: [],
  contested: [],
}
const none: BridgeOverlaps = { parent: 'G22', joined: false, items: [], count: 0 }
const some: BridgeOverlaps = {
  ...none,
  count: 2,
  items: [
    {
      ...{ kind: 'organisation', code: 'H29.18', node: 'G22', organ: 'G22.9', name: 'Xã (cũ)' },
      own: { node: 'H29.18', name: 'Xã' },
    },
  ],
}
const token = 'lt1.x'

interface Parts {
  readonly facts?: BridgeFacts
  readonly overlaps?: BridgeOverlaps | RelayError
  /** Nodes that do not answer. */
  readonly silent?: readonly string[]
}

async function open(t: TestContext, parts: Parts) {
  const dir = temporaryFolder(t)
  mkdirSync(join(dir, 'data'))
  const bridged: string[] = []
  const joining = {
    bridge: async (line: string) => {
      bridged.push(line)
      return { parent: 'G22', outcome: 'joined', linked: true }
    },
  } as unknown as JoiningDoor
  const node = nodeDouble({
    joining,
    bridging: {
      facts: async () => parts.facts ?? facts,
      overlaps: async () => {
        if (parts.overlaps instanceof RelayError) throw parts.overlaps
        return parts.overlaps ?? none
      },
    },
    diagnosis: {
      ping: async (organ) => {
        const answers = parts.silent?.includes(organ) !== true
        return { organ, node: organ, ms: answers ? 5 : null, clockOffsetMs: answers ? 0 : null }
      },
    },
  })
  const server = await openControlServer(node, join(dir, 'data', 'control.sock'))
  t.after(() => server.close({ timeoutMs: 0 }))
  const run = (...words: string[]) => callProgram([...words, '--data', 'data', '--lang', 'en'], { cwd: dir })
  return { dir, bridged, run }
}

describe('bridge check', () => {
  it('ends well when nothing lacks', async (t) => {
    const { run } = await open(t, {})
    const { exit, stdout, stderr } = await run('bridge', 'check', token)
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /^No code is claimed by both sides\.$/m)
    assert.match(stdout, /^joined +ok +2\/2$/m)
    assert.match(stdout, /ready to be connected/)
  })

  it('names what lacks, whom, and the command at its node; overlaps first', async (t) => {
    const { run, dir } = await open(t, { overlaps: some, silent: ['H29.19'] })
    const { exit, stdout } = await run('bridge', 'check', token)
    assert.equal(exit, 2)
    assert.match(stdout, /^overlaps +lacking +H29\.18 +here H29\.18 \(Xã\); there G22\.9 \(Xã \(cũ\)\) at node G22 /m)
    assert.match(stdout, /^and 1 more$/m)
    assert.ok(stdout.indexOf('overlaps') < stdout.indexOf('joined'))
    assert.match(stdout, /^heard +lacking +H29\.19 +does not answer +H29 +lienthong link show H29\.19$/m)
    const json = JSON.parse((await run('bridge', 'check', token, '-o', 'json')).stdout)
    assert.deepEqual([json.ready, json.lacking, json.overlaps.count], [false, 4, 2])
    assert.equal((await run('bridge', 'check', token, '--csv', 'out.csv')).exit, 2)
    const { rows } = readCsv(readFileSync(join(dir, 'out.csv'), 'utf8'))
    assert.deepEqual(rows[1]?.cells.slice(0, 3), ['overlaps', 'lacking', 'H29.18'])
    assert.equal(rows.length, 1 + 1 + 9 + 2)
  })

  it('ends with 3 when something is not known, and 2 for words that are wrong', async (t) => {
    const nodes = facts.nodes.map((each) => (each.node === 'H29.19' ? { ...each, organ: null, heard: true } : each))
    const { run } = await open(t, { facts: { ...facts, nodes } })
    const { exit, stdout } = await run('bridge', 'check')
    assert.match(stdout, /^codes +lacking +H29\.19 +has registered no organisation/m)
    assert.equal(exit, 2)
    const alone = { ...facts, nodes: nodes.filter(({ organ }) => organ !== null) }
    const unheard = {
      ...alone,
      nodes: [...alone.nodes, { ...known, node: 'H29.20', joined: false, heard: null, organ: null }],
    }
    assert.equal((await (await open(t, { facts: unheard })).run('bridge', 'check')).exit, 2)
    assert.equal((await run('bridge', 'check', '--days', '0')).exit, 2)
  })
})

describe('node bridge', () => {
  it('connects at once where nothing overlaps', async (t) => {
    const { run, bridged } = await open(t, {})
    assert.equal((await run('node', 'bridge', token)).exit, 0)
    assert.deepEqual(bridged, [token])
  })

  it('lists what overlaps and connects only when somebody says so', async (t) => {
    const { run, bridged } = await open(t, { overlaps: some })
    const refused = await run('node', 'bridge', token)
    assert.equal(refused.exit, 2)
    assert.match(refused.stderr, /here H29\.18 \(Xã\); there G22\.9/)
    assert.match(refused.stderr, /--approve/)
    assert.deepEqual(bridged, [])
    assert.equal((await run('node', 'bridge', token, '--approve')).exit, 0)
    assert.deepEqual(bridged, [token])
  })

  it('says that an older parent cannot tell, and then wants a yes as well', async (t) => {
    const { run, bridged } = await open(t, { overlaps: new RelayError('PARENT_OLDER', { detail: { parent: 'G22' } }) })
    const refused = await run('node', 'bridge', token)
    assert.equal(refused.exit, 2)
    assert.match(refused.stderr, /The software of G22 cannot say yet/)
    assert.equal((await run('bridge', 'check', token)).exit, 3)
    assert.deepEqual(bridged, [])
  })
})
