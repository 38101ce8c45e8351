/**
 * Whether the node can do its work: not whether things answer, but whether they do what documents need. A message goes
 * through the submit queue and is confirmed, which means on disk; a row is written, which means fsynced.
 */
import type { Sender, SendOutcome } from '@lienthong/link'
import { names } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { Probe, ProbePart } from './doors.ts'

const defaultTimeoutMs = 5_000
/** Whoever asks again within this time gets the same answer: health checks come from many sides. */
const freshMs = 1_000

export function createProbe(
  context: NodeContext,
  sender: Sender,
): (options?: { timeoutMs?: number }) => Promise<Probe> {
  let newest: { readonly at: number; readonly probe: Promise<Probe> } | null = null

  async function publish(): Promise<void> {
    const outcome: SendOutcome = await sender.send({
      exchange: names.submit,
      routingKey: context.config.id,
      type: 'lt.canary',
      body: new Uint8Array(0),
    })
    if (outcome !== 'confirmed') throw new Error(outcome)
  }

  async function ask(timeoutMs: number): Promise<Probe> {
    const [broker, store] = await Promise.all([
      measured(publish, timeoutMs),
      measured(() => context.store.touch(context.now()), timeoutMs),
    ])
    return { ready: broker.ok && store.ok, broker, store }
  }

  return ({ timeoutMs = defaultTimeoutMs } = {}) => {
    const at = performance.now()
    if (newest === null || at - newest.at > freshMs) newest = { at, probe: ask(timeoutMs) }
    return newest.probe
  }
}

async function measured(attempt: () => Promise<void>, timeoutMs: number): Promise<ProbePart> {
  const began = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), timeoutMs)
  })
  try {
    await Promise.race([attempt(), late])
    return { ok: true, ms: performance.now() - began, error: null }
  } catch (error) {
    return { ok: false, ms: performance.now() - began, error: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
