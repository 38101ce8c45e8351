/**
 * A node's activities as generators: each `yield` is one effect (publish, commit, wait), and the
 * scheduler may end the node after any of them. What a dead node was doing simply never goes on.
 */

/** Starts an effect; `resume` is called once with its result, or never. */
export type Effect = (resume: (result: unknown) => void) => void
export type Process<T = void> = Generator<Effect, T, unknown>

/** One life of a node, from start to crash. */
export interface Life {
  readonly alive: boolean
  /** Called when an effect has happened, before the node learns of it: here a crash may strike. */
  afterEffect(): void
}

/** Runs a process to its end or the end of its node's life. The first step runs at once. */
export function run<T>(life: Life, process: Process<T>, onEnd?: (result: T) => void): void {
  function step(result: unknown): void {
    if (!life.alive) return
    const next = process.next(result)
    if (next.done === true) return onEnd?.(next.value)
    next.value((value) => {
      if (!life.alive) return
      life.afterEffect()
      step(value)
    })
  }
  step(undefined)
}

/** Waits for one effect and gives its result its type back. */
export function* take<T>(effect: (resume: (result: T) => void) => void): Process<T> {
  return (yield effect as Effect) as T
}

/** Runs several processes side by side; their results in the order given. */
export function* all<T>(life: Life, processes: readonly Process<T>[]): Process<readonly T[]> {
  if (processes.length === 0) return []
  return yield* take<readonly T[]>((resume) => {
    const results: T[] = []
    let left = processes.length
    for (const [index, process] of processes.entries()) {
      run(life, process, (result) => {
        results[index] = result
        left -= 1
        if (left === 0) resume(results)
      })
    }
  })
}
