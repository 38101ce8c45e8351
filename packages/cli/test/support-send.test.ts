/** A support bundle on its way to the node above, and those that have come from below. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { RelayError } from '@lienthong/core'
import type { LinkView, SentBundle } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { archiveOf } from '../src/support/archive.ts'
import { contentsOf } from '../src/support/contents.ts'
import { type DoubleParts, nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram, type RunOptions } from './support/run-program.ts'
import { up } from './support/sample-health.ts'

const uid = 'ab'.repeat(32)
const waiting: SentBundle = { uid, parent: 'G22', size: 1, state: 'waiting', code: null, sentAt: 1, arrivedAt: null }
const arrived: SentBundle = { ...waiting, state: 'arrived', arrivedAt: 2 }

/** A node that is asked for what a bundle holds, and has it all; `becomes`: what becomes of the one it is sent. */
async function open(t: TestContext, { becomes = arrived, links = [up], ...parts }: Parts = {}) {
  const cwd = temporaryFolder(t)
  mkdirSync(join(cwd, 'data'))
  const sent: Buffer[] = []
  const bundles = {
    send: async (body: AsyncIterable<Uint8Array>) => {
      sent.push(await buffer(body))
      return waiting
    },
    sent: async () => becomes,
  }
  const node = nodeDouble({
    bundles,
    ...parts,
    links: { list: async () => links },
    health: async () => {
      throw new RelayError('NODE_STOPPING')
    },
  })
  const server = await openControlServer(node, join(cwd, 'data/control.sock'))
  t.after(() => server.close({ timeoutMs: 0 }))
  const run = (words: string, options: RunOptions = {}) =>
    callProgram(['support', ...words.split(' '), '--data', 'data'], { cwd, ...options })
  return { cwd, sent, run }
}

interface Parts extends Pick<DoubleParts, 'bundles'> {
  readonly becomes?: SentBundle
  readonly links?: readonly LinkView[]
}

describe('support bundle --send-parent', () => {
  it('says what goes to whom, sends what it writes, and says that it is there', async (t) => {
    const { cwd, sent, run } = await open(t)
    const { exit, stdout, stderr } = await run('bundle --send-parent --approve --out b.tar.gz')
    assert.equal(exit, 0, stderr)
    const sha256 = createHash('sha256')
      .update(sent[0] ?? '')
      .digest('hex')
    assert.match(stdout, /lienthong-support\/doctor\.json[\s\S]*G22 \(amqps:\/\/mq\.g22\.example:5671\)/)
    assert.ok(stdout.includes(sha256), stdout)
    assert.match(stderr, /G22 has it since/)
    assert.deepEqual(readFileSync(join(cwd, 'b.tar.gz')), sent[0])

    const told = await run('bundle --send-parent --approve -o json')
    const { file, items, sent: outcome } = JSON.parse(told.stdout)
    assert.deepEqual([file, items.length, outcome.state, outcome.parent], [null, 4, 'arrived', 'G22'])
    assert.equal(
      outcome.sha256,
      createHash('sha256')
        .update(sent[1] ?? '')
        .digest('hex'),
    )
  })

  it('ends with 5 when it is not known yet, and with the code when it never gets there', async (t) => {
    const late = await open(t, { becomes: waiting })
    const { exit, stderr } = await late.run('bundle --send-parent --approve --wait 50ms')
    assert.equal(exit, 5)
    assert.match(stderr, new RegExp(`lienthong track ${uid}`))
    const older = await open(t, { becomes: { ...waiting, state: 'failed', code: 'PARENT_OLDER' } })
    const refused = await older.run('bundle --send-parent --approve')
    assert.deepEqual([refused.exit, refused.stderr.includes('[PARENT_OLDER]')], [3, true], refused.stderr)
  })

  it('sends nothing to nobody, and nothing that somebody says no to', async (t) => {
    const root = await open(t, { links: [] })
    const alone = await root.run('bundle --send-parent --approve --out b.tar.gz')
    assert.deepEqual([alone.exit, alone.stderr.includes('[NODE_NO_PARENT]')], [3, true], alone.stderr)
    assert.deepEqual(readdirSync(root.cwd), ['data'], 'before anything is collected')

    const { run, sent } = await open(t)
    assert.equal((await run('bundle --send-parent')).exit, 2, 'nobody to ask')
    assert.equal((await run('bundle')).exit, 2, 'neither written nor sent')
    const said = await run('bundle --send-parent', { interactive: true, input: 'n\n' })
    assert.deepEqual([said.exit, sent.length], [3, 0])
    assert.equal((await run('bundle --send-parent', { interactive: true, input: 'y\n' })).exit, 0)
    assert.equal(sent.length, 1)
  })
})

const record = { id: 3, uid, child: 'H29.18', sentAt: 1, receivedAt: 2 }
const members = [
  { name: 'doctor.json', text: '[]' },
  { name: 'log-1.txt', text: 'x'.repeat(70_000) },
  { name: 'later.json', text: '' },
]

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

describe('bundles from below', () => {
  it('are listed, shown, saved byte for byte, and deleted', async (t) => {
    const archive = await buffer(archiveOf('lienthong-support', members))
    const sha256 = createHash('sha256').update(archive).digest('hex')
    const bundle = { ...record, sha256, size: archive.length }
    const deleted: unknown[] = []
    const bundles = {
      list: async () => [bundle],
      read: async () => ({ bundle, body: once(archive) }),
      remove: async (...asked: unknown[]) => {
        deleted.push(asked[0])
        return bundle
      },
    }
    const { cwd, run } = await open(t, { bundles })

    assert.match((await run('list')).stdout, new RegExp(`3 +H29\\.18 .*${sha256}`))
    assert.deepEqual(JSON.parse((await run('list -o json')).stdout), { items: [bundle] })
    const { items } = JSON.parse((await run('show 3 -o json')).stdout)
    assert.deepEqual(
      items.map(({ name, bytes, what }: { name: string; bytes: number; what: string }) => [name, bytes, what !== '']),
      [
        ['lienthong-support/doctor.json', 2, true],
        ['lienthong-support/log-1.txt', 70_000, true],
        ['lienthong-support/later.json', 0, false],
      ],
    )
    assert.match((await run('show 3')).stdout, /H29\.18[\s\S]*doctor\.json +2 B +what the doctor finds/)
    assert.equal((await run('save 3 --out b.tar.gz')).exit, 0)
    assert.deepEqual(readFileSync(join(cwd, 'b.tar.gz')), archive)
    assert.equal((await run('delete 3')).exit, 0)
    assert.deepEqual(deleted, [3])
    assert.equal((await run('show x')).exit, 2)
  })

  it('that are no archive are refused, however they are made', async () => {
    const tar = await buffer(archiveOf('d', members))
    const header = (size: string) => Buffer.concat([Buffer.alloc(124, 'n'), Buffer.from(size.padEnd(388, '\0'))])
    for (const bytes of [
      Buffer.from('no gzip'),
      tar.subarray(0, tar.length - 9),
      gzipSync(Buffer.alloc(700, 'x')),
      gzipSync(header('7777777')),
      gzipSync(Buffer.concat(Array.from({ length: 1_001 }, () => header('0')))),
    ]) {
      await assert.rejects(contentsOf(once(bytes), 'b'), { code: 'FILE_UNREADABLE' }, bytes.toString('latin1', 0, 9))
    }
    assert.equal((await contentsOf(once(tar), 'b')).length, members.length)
  })
})
