import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Growth beyond the most seen so far is collected before it counts, for it may be garbage; less is not looked at, bytes. */
const doubtful = 8 * 1024 * 1024

/** Memory in use after a collection, bytes. */
export function usedAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  return used()
}

/** Most memory held while `work` runs, above what was in use before, bytes; true to within `doubtful`. */
export async function growth(work: (sample: () => void) => Promise<void>): Promise<number> {
  const before = usedAfterCollection()
  let most = before
  await work(() => {
    if (used() - most > doubtful) most = Math.max(most, usedAfterCollection())
  })
  return most - before
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
