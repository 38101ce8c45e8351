/**
 * The other process of the lock and crash tests.
 *
 *   hold <dir>          opens the store and keeps it
 *   load <dir> <run>    accepts and delivers without end; prints `accepted <name>` or `delivered <name>` once durable
 */
import { RelayError } from '@lienthong/core'
import type { Store } from '../src/index.ts'
import { startStoreHost } from '../src/index.ts'
import { loadBytes } from './load.ts'
import { accept, deliverRequest, stage } from './samples.ts'

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

const host = startStoreHost()
try {
  const store = await host.open(dir)
  console.log('open')
  if (mode === 'load') await Promise.all([0, 1, 2, 3].map((worker) => load(store, worker)))
} catch (error) {
  console.log(error instanceof RelayError ? error.code : String(error))
  await host.close()
}
