import type { Teardown } from '@lienthong/test/kit'

/** What has to be undone at the end, last thing first, whatever happened in between. */
export interface Cleanup extends Teardown {
  /** Undoes everything registered so far; what is registered later is undone at once. Never rejects; idempotent. */
  run(): Promise<void>
}

/** `onError` hears of a step that failed; the others still run. */
export function createCleanup(onError: (error: unknown) => void): Cleanup {
  const steps: (() => void | Promise<void>)[] = []
  let running: Promise<void> | undefined

  async function undo(): Promise<void> {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step()
      } catch (error) {
        onError(error)
      }
    }
  }

  return {
    after(step) {
      steps.push(step)
      // Something was still starting when the end came.
      if (running !== undefined) running = running.then(undo)
    },
    run() {
      running ??= undo()
      return running
    },
  }
}
