/** Keeps this node's broker objects in existence: declares them at start, and again after the broker lost its data. */
import { RelayError } from '@lienthong/core'
import type { BrokerAdmin, Connection, Topology } from '@lienthong/link'
import type { NodeContext } from './context.ts'

/** How often it is asked here, at no cost, whether the broker is to be asked. */
const tickMs = 1_000
/** Between looks while something is wrong: doubling from the first to the second. */
const eagerMs = 1_000
const patientMs = 15_000
/**
 * Between looks while all seems well; a share more or less, so that nodes do not ask together. A look is six requests:
 * at 5 s, 200 nodes of one process kept both it and their broker busy with nothing else.
 */
const calmMs = 60_000
const spread = 0.2

export interface TopologyWatch {
  /** Something hints that objects are missing: look now. */
  suspect(): void
  /** What is wanted has changed: declare now, and again until it succeeds. Resolves after the first try, however it ends. */
  redeclare(): Promise<void>
  stop(): Promise<void>
}

/** Resolves after the first declaration; a broker that is away is tried again without end, a refusal throws. */
export async function watchTopology(
  context: NodeContext,
  parts: {
    admin: BrokerAdmin
    topology: () => Topology
    connection: Connection
    /** False while a queue of its own is not served: then it may be missing. */
    isServed: () => boolean
    /** What is wanted has been declared. A failure is one of declaring: it is tried again. */
    onDeclared: () => Promise<void>
  },
): Promise<TopologyWatch> {
  const { admin, topology, connection } = parts
  const awaiting: (() => void)[] = []
  let stopped = false
  let suspected = false
  let wake: (() => void) | null = null
  let changed = false
  let told = false
  let troubled = 0
  let spreading = 1

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function keep(): Promise<void> {
    try {
      const wanted = topology()
      if (changed) {
        changed = false
        await declare(wanted).catch((error: unknown) => {
          changed = true
          throw error
        })
      } else if (!(await admin.intact(wanted))) {
        context.log('warn', 'broker objects are missing, declaring them again')
        await declare(wanted)
      }
      told = false
    } catch (error) {
      if (!told) context.log('warn', 'broker is not reachable, trying again', { detail: { error: String(error) } })
      told = true
    }
  }

  async function declare(wanted: Topology): Promise<void> {
    await admin.declare(wanted)
    await parts.onDeclared()
  }

  /** One round, and word to those whose change it had to do with. */
  async function round(): Promise<void> {
    const waiting = awaiting.splice(0)
    await keep()
    for (const answer of waiting) answer()
  }

  /** Until the next look, from the last one, ms. */
  function patience(): number {
    if (changed && !told) return 0
    const well = connection.status.open && parts.isServed() && !suspected && !told
    if (!well) return Math.min(eagerMs * 2 ** troubled, patientMs)
    troubled = 0
    return calmMs * spreading
  }

  async function loop(): Promise<void> {
    let lookedAt = performance.now()
    while (!stopped) {
      if (!changed || told) await pause(tickMs)
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
      if (stopped || performance.now() - lookedAt < patience()) continue
      troubled += 1
      spreading = 1 + spread * (2 * Math.random() - 1)
      suspected = false
      await round()
      lookedAt = performance.now()
    }
  }

  try {
    await declare(topology())
  } catch (error) {
    if (!(error instanceof RelayError) || !error.retryable) throw error
    context.log('warn', 'broker is not reachable, trying again', { code: error.code, detail: { error: String(error) } })
    told = true
    changed = true
  }
  const done = loop()
  return {
    suspect() {
      suspected = true
      if (!connection.status.open) wake?.()
    },
    redeclare() {
      changed = true
      const ended = stopped ? Promise.resolve() : new Promise<void>((resolve) => awaiting.push(resolve))
      wake?.()
      return ended
    },
    async stop() {
      stopped = true
      wake?.()
      await done
      for (const answer of awaiting.splice(0)) answer()
    },
  }
}
