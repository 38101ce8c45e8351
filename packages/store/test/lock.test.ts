import assert from 'node:assert/strict'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { defaultQueryTiming } from '@lienthong/core'
import { startStoreHost } from '../src/index.ts'
import { migrations } from '../src/writer/schema.ts'
import { openSession } from '../src/writer/session.ts'
import { Sql } from '../src/writer/sql.ts'
import { startChild } from './child-process.ts'
import { accept, acceptRequest, large, openHost, readAll, sha256, stage, temporaryDir } from './samples.ts'

describe('the lock of a store', () => {
  it('keeps a second process out until the first ends, however it ends', async (t) => {
    const { host, dir } = await openHost(t)
    const child = startChild(t, 'store-child.js', ['hold', dir])
    await child.line('open')

    await assert.rejects(host.open(dir), { code: 'STORE_LOCKED' })
    await child.kill()

    const store = await host.open(dir)
    assert.deepEqual(await accept(store, { name: 'a' }), { outcome: 'accepted' })
  })

  it('keeps the same process out too, also through a second host, and a failed attempt does not loosen it', async (t) => {
    const { host, dir } = await openHost(t)
    const other = startStoreHost()
    t.after(() => other.close())
    const store = await host.open(dir)

    for (let attempt = 0; attempt < 3; attempt += 1) {
      await assert.rejects(host.open(dir), { code: 'STORE_LOCKED' })
      await assert.rejects(other.open(dir), { code: 'STORE_LOCKED' })
    }
    const child = startChild(t, 'store-child.js', ['hold', dir])
    await child.line('STORE_LOCKED')

    await store.close()
    await (await other.open(dir)).close()
  })
})

describe('opening a store', () => {
  it('refuses a schema newer than it knows, and leaves it as it is', async (t) => {
    const { host, dir } = await openHost(t)
    await (await host.open(dir)).close()
    const sql = new Sql(join(dir, 'store.db'))
    sql.exec('PRAGMA user_version=99')

    await assert.rejects(host.open(dir), { code: 'STORE_NEWER', detail: { found: 99, known: migrations.length } })

    assert.equal(sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version, 99)
    sql.exec(`PRAGMA user_version=${migrations.length}`)
    sql.close()
    await (await host.open(dir)).close()
  })

  it('syncs every commit to disk', async (t) => {
    const dir = await temporaryDir(t)
    const session = openSession({ dir, queryTiming: defaultQueryTiming, maxDatabaseBytes: null })
    t.after(async () => session.close())

    const { sql } = session

    assert.deepEqual(sql.all('PRAGMA synchronous'), [{ synchronous: 2 }])
    assert.deepEqual(sql.all('PRAGMA journal_mode'), [{ journal_mode: 'wal' }])
  })

  it('finds everything again, in a folder that is for its owner only', async (t) => {
    const { host, dir } = await openHost(t)
    const first = await host.open(join(dir, 'deep', 'store'))
    await accept(first, { name: 'a', bytes: large() })
    await first.close()

    const second = await host.open(join(dir, 'deep', 'store'))

    assert.deepEqual(await second.outbox.backlog(), { documents: 1, copies: 1 })
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      assert.equal(mode & 0o777, entry.isDirectory() ? 0o700 : 0o600, entry.name)
    }
  })

  it('says so when the folder cannot be made, and works in another', async (t) => {
    const { host, dir } = await openHost(t)
    await writeFile(join(dir, 'file'), 'not a folder')

    await assert.rejects(host.open(join(dir, 'file', 'store')), { code: 'STORE_FAILED' })

    await (await host.open(join(dir, 'other'))).close()
  })

  it('finishes what was called before it was closed and refuses what comes after', async (t) => {
    const { host, dir } = await openHost(t)
    const store = await host.open(dir)
    const payload = await stage(store, large())

    const last = store.outbox.accept(acceptRequest({ name: 'a' }, payload))
    await Promise.all([store.close(), store.close()])

    assert.deepEqual(await last, { outcome: 'accepted' })
    await assert.rejects(store.outbox.backlog(), { code: 'STORE_FAILED' })
    await assert.rejects(accept(store, { name: 'b' }), { code: 'STORE_FAILED' })
    const again = await host.open(dir)
    assert.equal(sha256(await readAll(again.payloads.stream(payload.sha256))), payload.sha256)
  })
})
