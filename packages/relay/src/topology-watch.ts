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
 * Between looks while all seems well. The nodes of a process look in the same moment, at the whole minutes of its clock:
 * so their broker is read once for all.
 */
const calmMs = 60_000

export interface TopologyWatch {
  /** Something hints that objects are missing: look now. */
  suspect(): void
  /** What is wanted has changed: declare now, and again until it succeeds. Resolves after the first try: why it failed, or null. */
  redeclare(): Promise<RelayError | null>
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
  const awaiting: ((failure: RelayError | null) => void)[] = []
  let stopped = false
  let suspected = false
  let changed = false
  let told = false
  let troubled = 0
  let lookedAt = 0
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function keep(): Promise<RelayError | null> {
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
      return null
    } catch (error) {
      if (!told) context.log('warn', 'broker is not reachable, trying again', { detail: { error: String(error) } })
      told = true
      return error instanceof RelayError ? error : new RelayError('INTERNAL', { cause: error })
    }
  }

  async function declare(wanted: Topology): Promise<void> {
    await admin.declare(wanted)
    await parts.onDeclared()
  }

  /** One round, and word to those whose change it had to do with. */
  async function round(): Promise<void> {
    const waiting = awaiting.splice(0)
    const failure = await keep()
    for (const answer of waiting) answer(failure)
  }

  function isDue(): boolean {
    // Somebody waits for it, or it has changed and nothing is known to be wrong.
    if (awaiting.length > 0 || (changed && !told)) return true
    const now = performance.now()
    const well = connection.status.open && parts.isServed() && !suspected && !told
    if (!well) return now - lookedAt >= Math.min(eagerMs * 2 ** troubled, patientMs)
    troubled = 0
    return Math.floor(now / calmMs) > Math.floor(lookedAt / calmMs)
  }

  function lookIfDue(): void {
    if (stopped || looking !== null || !isDue()) return
    troubled += 1
    suspected = false
    looking = round().finally(() => {
      lookedAt = performance.now()
      looking = null
      if (awaiting.length > 0 || (changed && !told)) lookIfDue()
    })
  }

  function tick(): void {
    lookIfDue()
    timer = setTimeout(tick, tickMs - (performance.now() % tickMs))
  }

  try {
    await declare(topology())
  } catch (error) {
    if (!(error instanceof RelayError) || !error.retryable) throw error
    context.log('warn', 'broker is not reachable, trying again', { code: error.code, detail: { error: String(error) } })
    told = true
    changed = true
  }
  lookedAt = performance.now()
  tick()
  return {
    suspect() {
      suspected = true
      if (!connection.status.open) lookIfDue()
    },
    redeclare() {
      changed = true
      if (stopped) return Promise.resolve(new RelayError('NODE_STOPPING'))
      const ended = new Promise<RelayError | null>((resolve) => awaiting.push(resolve))
      lookIfDue()
      return ended
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
      for (const answer of awaiting.splice(0)) answer(new RelayError('NODE_STOPPING'))
    },
  }
}
