/**
 * Accepts and deliveries per second with 5 KiB payloads, beside a bare loop of the same SQL library that
 * inserts the same bytes into one table: one transaction per row, and one per 100 rows.
 *
 *   node packages/store/dist/bench/store.bench.js [seconds per line]
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../src/index.ts'
import { startStoreHost } from '../src/index.ts'
import { Sql } from '../src/writer/sql.ts'
import { acceptRequest, deliverRequest, sha256, stage } from '../test/samples.ts'

const payloadBytes = 5 * 1024
const concurrencies = [1, 64, 512]
const durationMs = 1000 * Number(process.argv[2] ?? 3)

async function rate(concurrency: number, step: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const started = performance.now()
  const deadline = started + durationMs
  const lane = async () => {
    while (performance.now() < deadline) {
      next += 1
      await step(next)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return (next * 1000) / (performance.now() - started)
}

function bareRate(dir: string, rowsPerTransaction: number): number {
  const sql = new Sql(join(dir, `bare-${rowsPerTransaction}.db`))
  sql.pragma('journal_mode=WAL')
  sql.pragma('synchronous=FULL')
  sql.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT UNIQUE, bytes BLOB)')
  const bytes = randomBytes(payloadBytes)
  const started = performance.now()
  let rows = 0
  while (performance.now() - started < durationMs) {
    sql.exec('BEGIN IMMEDIATE')
    for (let index = 0; index < rowsPerTransaction; index += 1) {
      rows += 1
      sql.run('INSERT INTO row (name, bytes) VALUES (?, ?)', `name ${rows}`, bytes)
    }
    sql.exec('COMMIT')
  }
  const perSecond = (rows * 1000) / (performance.now() - started)
  sql.close()
  return perSecond
}

async function acceptRate(store: Store, concurrency: number): Promise<number> {
  const run = randomBytes(4).toString('hex')
  const bytes = randomBytes(payloadBytes)
  return await rate(concurrency, async (index) => {
    const own = Uint8Array.from(bytes)
    new DataView(own.buffer).setFloat64(0, index)
    const payload = await stage(store, own)
    const outcome = await store.outbox.accept(acceptRequest({ name: `${run}-${index}` }, payload))
    if (outcome.outcome !== 'accepted') throw new Error(`not accepted: ${outcome.outcome}`)
  })
}

async function deliverRate(store: Store, concurrency: number): Promise<number> {
  const run = randomBytes(4).toString('hex')
  const bytes = randomBytes(payloadBytes)
  return await rate(concurrency, async (index) => {
    const own = Uint8Array.from(bytes)
    new DataView(own.buffer).setFloat64(0, index)
    const { fresh } = await store.mailbox.deliver(
      deliverRequest(`${run}-${index}`, { bytes: own, sha256: sha256(own) }),
    )
    if (fresh.length !== 1) throw new Error('not delivered')
  })
}

const dir = await mkdtemp(join(tmpdir(), 'lienthong-store-bench-'))
const host = startStoreHost()
try {
  const bareOne = bareRate(dir, 1)
  const bareHundred = bareRate(dir, 100)
  console.log(`bare loop, 1 row a transaction:    ${bareOne.toFixed(0)} rows/s`)
  console.log(`bare loop, 100 rows a transaction: ${bareHundred.toFixed(0)} rows/s`)
  for (const concurrency of concurrencies) {
    const store = await host.open(join(dir, `store-${concurrency}`))
    for (const [what, measure] of [
      ['accept', acceptRate],
      ['deliver', deliverRate],
    ] as const) {
      const perSecond = await measure(store, concurrency)
      const ratios = `${(perSecond / bareOne).toFixed(2)}x one by one, ${(perSecond / bareHundred).toFixed(2)}x by hundred`
      console.log(`${what} x${concurrency}: ${perSecond.toFixed(0)}/s (${ratios})`)
    }
    await store.close()
  }
} finally {
  await host.close()
  await rm(dir, { recursive: true, force: true })
}
