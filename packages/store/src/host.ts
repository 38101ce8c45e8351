import { defaultQueryTiming } from '@lienthong/core'
import { startWriter } from './channel.ts'
import type { Store, StoreHost } from './contract.ts'
import { openStore } from './store.ts'

/** Starts the writer thread of this process. */
export function startStoreHost(): StoreHost {
  const writer = startWriter()
  const stores = new Set<Store>()
  let closing: Promise<void> | null = null

  async function closeAll(): Promise<void> {
    await Promise.allSettled([...stores].map((store) => store.close()))
    await writer.end()
  }

  return {
    async open(dir, options = {}) {
      const store = await openStore(writer, {
        dir,
        queryTiming: options.queryTiming ?? defaultQueryTiming,
        maxDatabaseBytes: options.maxDatabaseBytes ?? null,
      })
      stores.add(store)
      return {
        ...store,
        async close() {
          await store.close()
          stores.delete(store)
        },
      }
    },
    close() {
      closing ??= closeAll()
      return closing
    },
  }
}
