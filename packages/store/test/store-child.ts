/**
 * The other process of the lock and crash tests.
 *
 *   hold <dir>          opens the store and keeps it
 *   upload <dir>        appends to an upload without end; prints its id, then a line as each chunk is taken
 *   load <dir> <run>    accepts and delivers without end; prints `accepted <name>` or `delivered <name>` once durable
 */
import { RelayError } from '@lienthong/core'
import type { Store } from '../src/index.ts'
import { startStoreHost } from '../src/index.ts'
import { loadBytes, uploadChunk } from './load.ts'
import { accept, deliverRequest, now, stage } from './samples.ts'

const [mode, dir = '', run = ''] = process.argv.slice(2)

async function load(store: Store, worker: number): Promise<void> {
  for (let index = 0; ; index += 1) {
    const name = `${run}.${worker}.${index}`
    const bytes = loadBytes(name)
    await accept(store, { name, bytes })
    console.log(`accepted ${name}`)
    await store.mailbox.deliver(deliverRequest(name, await stage(store, bytes)))
    console.log(`delivered ${name}`)
  }
}

/** 1 MiB at a time: synced and counted every eighth. */
async function upload(store: Store): Promise<void> {
  const request = { system: 'dms', sha256: null, size: 2 ** 40, now, maxCount: 1, maxBytes: 2 ** 41 }
  const { id } = await store.uploads.open(request)
  console.log(id)
  async function* source(): AsyncIterable<Uint8Array> {
    for (let index = 0; ; index += 1) {
      yield uploadChunk(index)
      console.log(index)
    }
  }
  await store.uploads.append({ system: 'dms', id }, { offset: 0, source: source(), now: () => now })
}

const host = startStoreHost()
try {
  const store = await host.open(dir)
  console.log('open')
  if (mode === 'upload') await upload(store)
  if (mode === 'load') await Promise.all([0, 1, 2, 3].map((worker) => load(store, worker)))
} catch (error) {
  console.log(error instanceof RelayError ? error.code : String(error))
  await host.close()
}
