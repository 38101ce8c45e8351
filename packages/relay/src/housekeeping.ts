/** What grows old: unfinished uploads, and the history of what was sent. */
import type { NodeContext } from './context.ts'

const everyMs = 10 * 60_000
const dayMs = 24 * 3_600_000
const uploadLifeMs = dayMs
const spentUploadLifeMs = 10 * 60_000
export const historyMs = 30 * dayMs

export interface Housekeeping {
  stop(): Promise<void>
}

/** Begins at once, then every ten minutes. */
export function keepHouse(context: NodeContext): Housekeeping {
  const { uploads, outbox } = context.store
  let stopped = false

  async function round(): Promise<void> {
    const now = context.now()
    try {
      await uploads.expire({ before: now - uploadLifeMs, spentBefore: now - spentUploadLifeMs })
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
      while (!stopped && (await outbox.trimChanges(now - historyMs)) > 0);
    } catch (error) {
      if (!stopped) context.log('error', 'removing what is old failed', { detail: { error: String(error) } })
    }
  }

  let running = round()
  const timer = setInterval(() => {
    running = running.then(round)
  }, everyMs)
  timer.unref()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
