import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Growth up to this is believed as it is; above, what is garbage already is collected before it counts, bytes. */
const doubtful = 16 * 1024 * 1024

/** Memory in use after a collection, bytes. */
export function usedAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  return used()
}

/** Most memory held while `work` runs, above what was in use before, bytes. */
export async function growth(work: (sample: () => void) => Promise<void>): Promise<number> {
  const before = usedAfterCollection()
  let most = before
  await work(() => {
    const now = used()
    most = Math.max(most, now - before < doubtful ? now : usedAfterCollection())
  })
  return most - before
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
