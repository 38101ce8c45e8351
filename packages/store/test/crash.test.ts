import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { verifyEvents } from '../src/index.ts'
import { Sql } from '../src/writer/sql.ts'
import { startChild } from './child-process.ts'
import { loadBytes, uploadChunk } from './load.ts'
import { deliverRequest, large, now, openHost, readAll, sha256, uidOf } from './samples.ts'

const rounds = 5

async function payloadFiles(dir: string): Promise<string[]> {
  const entries = await readdir(join(dir, 'payloads'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

describe('a process killed in the middle of its work', () => {
  it('loses nothing it acknowledged and leaves nothing half done', async (t) => {
    const { host, dir } = await openHost(t)
    const accepted = new Set<string>()
    const delivered = new Set<string>()

    for (let round = 0; round < rounds; round += 1) {
      const child = startChild(t, 'store-child.js', ['load', dir, String(round)])
      await child.count(randomInt(2, 120))
      await child.kill()
      for (const line of child.lines) {
        const [what, name = ''] = line.split(' ')
        if (what === 'accepted') accepted.add(name)
        if (what === 'delivered') delivered.add(name)
      }
    }
    const store = await host.open(dir)

    assert.ok(accepted.size > rounds)
    for (const name of accepted) {
      const [tracked] = await store.outbox.track({ uid: uidOf(name) })
      assert.equal(tracked?.recipients.length, 1, name)
      assert.deepEqual(await readAll(store.payloads.stream(sha256(loadBytes(name)))), Buffer.from(loadBytes(name)))
    }
    for (const name of delivered)
      assert.equal((await store.mailbox.receipts(uidOf(name), 1, ['H26.10'])).length, 1, name)

    const items = await store.outbox.page('up', 'bulk', { after: 0, limit: 100_000 })
    const mail = await store.mailbox.list('H26.10', { after: 0, limit: 100_000, all: true })
    for (const { payload } of [...items, ...mail]) {
      assert.equal(sha256(await readAll(store.payloads.stream(payload.sha256))), payload.sha256)
    }
    const counts = await store.outbox.backlog()
    assert.deepEqual(counts, { documents: items.length, copies: items.length })
    await store.close()
    assert.equal(verifyEvents(dir).events, items.length + mail.length)
    assert.equal(verifyEvents(dir).brokenAt, null)
    assert.deepEqual(await readdir(join(dir, 'incoming')), [])
    const owned = new Set(
      [...items, ...mail]
        .map(({ payload }) => payload)
        .filter(({ size }) => size > 65_536)
        .map((ref) => ref.sha256),
    )
    assert.deepEqual((await payloadFiles(dir)).sort(), [...owned].sort())
  })

  it('goes on with an upload behind the last bytes that were synced', async (t) => {
    const { host, dir } = await openHost(t)
    const child = startChild(t, 'store-child.js', ['upload', dir])
    await child.count(randomInt(18, 30))
    await child.kill()
    const id = child.lines[1] ?? ''
    await writeFile(join(dir, 'uploads', 'nobody'), 'no row')

    const store = await host.open(dir)

    const found = await store.uploads.get('dms', id)
    const mebibytes = (found?.offset ?? 0) / 2 ** 20
    assert.ok(mebibytes >= 8 && mebibytes % 8 === 0, `${mebibytes} MiB`)
    const written = await readFile(join(dir, 'uploads', id))
    for (let index = 0; index < mebibytes; index += 1) {
      const chunk = written.subarray(index * 2 ** 20, (index + 1) * 2 ** 20)
      assert.equal(Buffer.compare(chunk, uploadChunk(index)), 0, `chunk ${index}`)
    }
    assert.deepEqual(await readdir(join(dir, 'uploads')), [id])
  })

  it('forgets an upload whose bytes are gone', async (t) => {
    const { host, dir } = await openHost(t)
    const first = await host.open(dir)
    const request = { system: 'dms', sha256: null, size: 5, now, maxCount: 1, maxBytes: 10 }
    const { id } = await first.uploads.open(request)
    const source = (async function* () {
      yield Buffer.from('abc')
    })()
    await first.uploads.append({ system: 'dms', id }, { offset: 0, source, now: () => now })
    await first.close()
    await writeFile(join(dir, 'uploads', id), 'ab')

    const second = await host.open(dir)

    assert.equal(await second.uploads.get('dms', id), null)
    assert.deepEqual(await readdir(join(dir, 'uploads')), [])
  })

  it('has torn and ownerless files swept when it opens again', async (t) => {
    const { host, dir } = await openHost(t)
    const first = await host.open(dir)
    const bytes = large()
    await first.mailbox.deliver(deliverRequest('kept', { bytes, sha256: sha256(bytes) }))
    await first.close()
    const orphan = sha256('orphan')
    await writeFile(join(dir, 'incoming', 'torn'), large(1000))
    await mkdir(join(dir, 'payloads', orphan.slice(0, 2)), { recursive: true })
    await writeFile(join(dir, 'payloads', orphan.slice(0, 2), orphan), 'orphan')
    await writeFile(join(dir, 'assemblies', uidOf('nobody')), 'no row')

    const second = await host.open(dir)

    assert.deepEqual(await readdir(join(dir, 'incoming')), [])
    assert.deepEqual(await payloadFiles(dir), [sha256(bytes)])
    assert.deepEqual(await readdir(join(dir, 'assemblies')), [])
    assert.deepEqual(await readAll(second.payloads.stream(sha256(bytes))), bytes)
  })

  it('does not trust a bitmap whose file is gone', async (t) => {
    const { host, dir } = await openHost(t)
    const first = await host.open(dir)
    const payload = { sha256: sha256('x'), size: 100 }
    const file = await first.assemblies.file(uidOf('a'), 100, 50)
    await file.close()
    const about = { uid: uidOf('a'), from: 'H29.18.05', link: 'up', segmentBytes: 50, payload, cores: [], now }
    await first.assemblies.commit({ ...about, segments: [0, 1] })
    await first.close()
    await rm(join(dir, 'assemblies', uidOf('a')))

    const second = await host.open(dir)

    const state = await second.assemblies.load(uidOf('a'))
    assert.deepEqual(state?.have, new Uint8Array([0]))
  })
})

describe('the chain of events', () => {
  it('shows a row that was changed, and one that is gone', async (t) => {
    const { host, dir } = await openHost(t)
    const store = await host.open(dir)
    for (let at = 1; at <= 5; at += 1) {
      await store.ledger.event({ at, type: 'administration', uid: null, detail: { b: 1, a: ['x', { d: 1, c: 2 }] } })
    }
    await store.close()
    const whole = verifyEvents(dir)
    const sql = new Sql(join(dir, 'store.db'))
    t.after(async () => sql.close())

    sql.exec(`UPDATE event SET detail = replace(detail, '1', '2') WHERE id = 3`)
    const changed = verifyEvents(dir)
    sql.exec(`UPDATE event SET detail = replace(detail, '"b":2', '"b":1') WHERE id = 3`)
    sql.exec('DELETE FROM event WHERE id = 2')
    const gone = verifyEvents(dir)

    assert.deepEqual([whole.events, whole.brokenAt], [5, null])
    assert.match(whole.head, /^[0-9a-f]{64}$/)
    assert.deepEqual([changed.events, changed.brokenAt], [2, 3])
    assert.deepEqual([gone.events, gone.brokenAt], [1, 3])
    assert.throws(() => verifyEvents(join(dir, 'nowhere')), { code: 'NOT_FOUND' })
  })
})
