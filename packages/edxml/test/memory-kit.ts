import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Growth beyond this since the last collection is collected before it counts: it may be garbage already, bytes. */
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
  let held = before
  await work(() => {
    let now = used()
    if (now - held > doubtful) {
      now = usedAfterCollection()
      held = now
    }
    most = Math.max(most, now)
  })
  return most - before
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
