/** Runs `work` for 0 … count − 1, `width` at a time, in order of starting. Rejects with the first failure. */
export async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  async function one(): Promise<void> {
    while (next < count) {
      next += 1
      await work(next - 1)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, one))
}

/**
 * Starts `work` at a steady rate, without waiting for what was started before; resolves when all have ended. What the
 * timer misses is caught up at once, so that the rate holds on a busy machine.
 */
export async function atRate(
  perSecond: number,
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  const started: Promise<unknown>[] = []
  const begin = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - begin) * perSecond) / 1000) + 1)
      while (started.length < due) started.push(work(started.length))
      if (started.length < count) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  await Promise.all(started)
}
