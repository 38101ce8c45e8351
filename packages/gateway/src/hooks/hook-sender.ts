/**
 * Tells subscribers what the node has for them.
 *
 * - One subscription at a time tells one event at a time, in order; what was not taken is tried again before what follows.
 * - Subscriptions do not wait for each other: each that has something to tell begins at once. A system has at most 32 of them, so
 *   no single one can take up all places.
 * - How far each has come is on the node's disk, not here. An event is told again when the node ended between telling it
 *   and noting that: at least once, never lost, and always under the same id.
 *
 * Not here: when a failed one is tried again, and when it is given up; that is the node's (`HookDoor`).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DueHook, NodeDoors, RelayLog } from '@lienthong/relay'
import { messageOf } from './event.ts'
import type { HookPost } from './post.ts'

/** Subscriptions being told at once; the node gives out up to `mostPerLook` of them at a time. */
const mostAtOnce = 256
const mostPerLook = 64
/** How often to look for those whose pause is over, when nothing happens. */
const pollMs = 1000
/** News within this time are looked up together. */
const gatherMs = 20
/** What is under way when the gateway closes has this long to end. */
const closeGraceMs = 2000

export interface HookSender {
  /** Begins nothing new, and waits for what is under way up to two seconds. Idempotent. */
  close(): Promise<void>
}

export function startHookSender(parts: {
  readonly node: Pick<NodeDoors, 'hooks' | 'watch'>
  readonly post: HookPost
  readonly log: RelayLog
}): HookSender {
  const { node, post, log } = parts
  const { hooks } = node
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const cut = new AbortController()
  let wake = () => {}
  let hasNews = true
  let isTroubled = false
  const news = () => {
    hasNews = true
    wake()
  }
  const unwatch = node.watch(news)

  async function tell(due: DueHook): Promise<void> {
    let told = 0
    for (const event of due.events) {
      const attempt = await post(due, messageOf(due.hook, event), cut.signal)
      if (!attempt.taken) {
        // Broken off by us: no failure of theirs. The claim ends with this process.
        if (cut.signal.aborted) break
        await hooks.failed(due, { told, error: attempt.error ?? '', gone: attempt.gone })
        return
      }
      told += 1
      if (stopping.signal.aborted) break
    }
    if (told > 0) await hooks.succeeded({ ...due, events: due.events.slice(0, told) })
  }

  async function look(): Promise<void> {
    if (underWay.size > mostAtOnce - mostPerLook) return
    for (const due of await hooks.due()) {
      const work = tell(due)
        .catch(trouble)
        .finally(() => {
          underWay.delete(work)
          news()
        })
      underWay.add(work)
    }
    isTroubled = false
  }

  /** Said once until it is over: the node has said what is wrong with its store. */
  function trouble(error: unknown): void {
    if (!isTroubled && !stopping.signal.aborted) log('error', 'webhooks wait', { detail: { error: String(error) } })
    isTroubled = true
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      hasNews = false
      await look().catch(trouble)
      await pause(gatherMs)
      await untilWoken()
    }
  }

  function untilWoken(): Promise<void> {
    if (hasNews || stopping.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      // Where there are none only news can change that: hundreds of nodes share a process.
      const timer = hooks.none ? undefined : setTimeout(resolve, pollMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function pause(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined)
  }

  const running = run()
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    unwatch()
    stopping.abort()
    wake()
    await running
    const timer = setTimeout(() => cut.abort(), closeGraceMs)
    await Promise.all(underWay)
    clearTimeout(timer)
  }

  return {
    close: () => (closed ??= close()),
  }
}
