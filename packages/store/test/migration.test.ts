import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { migrations } from '../src/writer/schema.ts'
import { Sql } from '../src/writer/sql.ts'
import { accept, deliverRequest, inline, now, openHost, readAll, uidOf } from './samples.ts'

/** A folder as the first version left it: one document sent, three delivered, one of them collected. */
async function storeOfVersionOne(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const sql = new Sql(join(dir, 'store.db'))
  sql.exec(migrations[0] ?? '')
  sql.exec('PRAGMA user_version=1')
  const { bytes, sha256 } = inline('a')
  sql.run('INSERT INTO payload VALUES (1, ?, ?, 3)', sha256, bytes.byteLength)
  sql.run('INSERT INTO payload_bytes VALUES (1, ?)', bytes)
  sql.run(
    `INSERT INTO document VALUES (1, ?, 'document', 0, 'H29.18.05', 'id-x', 'bulk', 262144, 'Về việc', '1/X', NULL, ?, 1, ?, 0)`,
    ...[uidOf('x'), sha256, now],
  )
  sql.run(
    `INSERT INTO recipient (document, generation, organ, node, core, position, state, settled)
     VALUES (1, 1, 'H26.10', 'H26', 1, 0, 'delivered', 1)`,
  )
  for (const [name, collectedAt] of [
    ['a', null],
    ['b', now + 5],
    ['c', null],
  ] as const) {
    sql.run(
      `INSERT INTO mailbox (uid, organ, generation, kind, business_type, sender, origin, document_id, sha256, size,
         sealed_at, delivered_at, collected_at, path)
       VALUES (?, 'H26.10', 1, ?, 0, 'H29.18.05', 'H29.18.05', 'id', ?, ?, ?, ?, ?, '[]')`,
      ...[uidOf(name), name === 'c' ? 'status' : 'document', sha256, bytes.byteLength, now, now, collectedAt],
    )
  }
  sql.close()
}

describe('a store of the former version', () => {
  it('is opened with all it holds, and has what is new', async (t) => {
    const { host, dir } = await openHost(t)
    await storeOfVersionOne(dir)

    const store = await host.open(dir)

    const items = await store.mailbox.list('H26.10', { after: 0, limit: 9, all: true })
    assert.deepEqual(
      items.map(({ uid, state, leasedUntil }) => [uid, state, leasedUntil]),
      [
        [uidOf('a'), 'initial', null],
        [uidOf('b'), 'done', null],
        [uidOf('c'), 'initial', null],
      ],
    )
    assert.deepEqual(await readAll(store.payloads.stream(inline('a').sha256)), Buffer.from(inline('a').bytes))
    assert.deepEqual((await store.figures()).waiting, { document: 1, status: 1 })
    assert.deepEqual(
      (await store.outbox.sent('H29.18.05', { limit: 9 })).map(({ uid }) => uid),
      [uidOf('x')],
    )
    assert.deepEqual(await store.access.load(), { vault: [], systems: [], credentials: [] })
    assert.deepEqual(await store.access.loadOperators(), { operators: [], keys: [] })
    assert.deepEqual(await store.links.orders(), [])
    const leased = await store.mailbox.lease('H26.10', { now, until: now + 1, limit: 9 })
    assert.equal(leased.length, 2)
    await accept(store, { name: 'new' })
    await store.mailbox.deliver(deliverRequest('new', inline('a')))
    await store.close()
    await (await host.open(dir)).close()
  })

  it('gets a living directory beside what the version before it held', async (t) => {
    const { host, dir } = await openHost(t)
    await mkdir(dir, { recursive: true })
    const sql = new Sql(join(dir, 'store.db'))
    const before = migrations.findIndex((each) => each.includes('CREATE TABLE announcement'))
    for (const migration of migrations.slice(0, before)) sql.exec(migration)
    sql.exec(`PRAGMA user_version=${before}`)
    sql.run("INSERT INTO system VALUES ('dms', 'Văn thư', '[]', '[]', ?, NULL)", now)
    sql.close()

    const store = await host.open(dir)

    assert.deepEqual(
      (await store.access.load()).systems.map(({ name }) => name),
      ['Văn thư'],
    )
    assert.deepEqual((await store.directory.load()).state, { version: 0, nextEpoch: 1 })
    await store.directory.write({ state: { version: 1, nextEpoch: 4 } })
    await store.close()
    const again = await host.open(dir)
    assert.deepEqual((await again.directory.load()).state, { version: 1, nextEpoch: 4 })
    await again.close()
  })
})
