/** Resolves when `promise` has settled, however, or after `timeoutMs`. Leaves no timer behind. */
export async function within(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([promise.then(nothing, nothing), late])
  clearTimeout(timer)
}

function nothing(): void {}
