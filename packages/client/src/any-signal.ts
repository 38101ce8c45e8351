/** One signal for several, and a way to let go of them: those that live long would otherwise remember every call. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal
}

/** Aborts with the reason of the first that does. */
export function anySignal(signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const own = new AbortController()
  const steps: (() => void)[] = []
  for (const each of signals) {
    if (each === undefined) continue
    if (each.aborted) own.abort(each.reason)
    const onAbort = () => own.abort(each.reason)
    each.addEventListener('abort', onAbort, { once: true })
    steps.push(() => each.removeEventListener('abort', onAbort))
  }
  return {
    signal: own.signal,
    [Symbol.dispose]() {
      for (const step of steps) step()
    },
  }
}
