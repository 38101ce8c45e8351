/**
 * Virtual time: a heap of steps, ordered by instant and then by the order they were planned in.
 * Nothing here knows what a step does; a run is the steps in that order and nothing else.
 */
export interface Scheduler {
  /** Virtual ms since the start of the run. */
  readonly now: number
  readonly steps: number
  at(instant: number, run: () => void): void
  after(delayMs: number, run: () => void): void
  /** Runs steps until `stop` says so (asked every `everyMs` of virtual time, and now and then), nothing is left, or `until`. */
  run(options: { readonly until: number; readonly everyMs: number; readonly stop: () => boolean }): void
}

/** Steps between two looks at most: a run gone wild does not get far in virtual time. */
const lookEverySteps = 5_000

interface Step {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export function createScheduler(maxSteps: number): Scheduler {
  const heap: Step[] = []
  let now = 0
  let order = 0
  let steps = 0

  function push(step: Step): void {
    let place = heap.length
    heap.push(step)
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = heap[above] as Step
      if (before(other, step)) break
      heap[place] = other
      place = above
    }
    heap[place] = step
  }

  function pop(): Step | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && before(heap[below + 1] as Step, heap[below] as Step)) below += 1
      const other = heap[below] as Step
      if (before(last, other)) break
      heap[place] = other
      place = below
    }
    heap[place] = last
    return first
  }

  function at(instant: number, run: () => void): void {
    push({ at: Math.max(instant, now), order: order++, run })
  }

  return {
    get now() {
      return now
    },
    get steps() {
      return steps
    },
    at,
    after: (delayMs, run) => at(now + delayMs, run),
    run({ until, everyMs, stop }) {
      let nextLook = now
      for (let step = pop(); step !== undefined; step = pop()) {
        if (step.at > until || steps >= maxSteps) return
        if (step.at >= nextLook || steps % lookEverySteps === 0) {
          if (stop()) return
          nextLook = step.at + everyMs
        }
        now = step.at
        steps += 1
        step.run()
      }
    },
  }
}

function before(a: Step, b: Step): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
