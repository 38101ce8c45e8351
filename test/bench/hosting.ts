/** A province's process: many hosted nodes in one, from start to rest. */
import { setTimeout as delay } from 'node:timers/promises'
import { planFederation, type TreeNode } from '../kit/federation.ts'
import { type Teardown, temporaryFolder } from '../kit/index.ts'
import type { Figure } from './figure.ts'
import { processorSeconds, residentMegabytes } from './of-process.ts'
import type { Progress } from './progress.ts'
import { startRelays } from './relay-processes.ts'
import type { Stage } from './stage.ts'

const hosted = 200
/** Until what a start leaves to be done is done, ms. */
const settleMs = 30_000
/** How long rest is watched, ms. */
const restMs = 60_000

const province = 'H77'
const tree: readonly TreeNode[] = [
  { id: province, tier: 'province', parent: null, name: 'Tỉnh' },
  ...Array.from({ length: hosted }, (_, index) => {
    const id = `${province}.${index + 1}`
    return { id, tier: 'commune', parent: province, name: `Xã ${index + 1}` }
  }),
]

/** The broker has none of their objects at first; the second start finds all. */
export async function hostingFigures(parts: {
  readonly stage: Stage
  readonly progress: Progress
  readonly teardown: Teardown
}): Promise<readonly Figure[]> {
  const { stage, progress, teardown } = parts
  const plan = planFederation({ dir: temporaryFolder(teardown), tree, brokerOf: () => stage.broker, logLevel: 'info' })
  plan.writeFiles()
  const ids = tree.map(({ id }) => id)
  const start = async () => {
    const began = performance.now()
    const relays = await startRelays({ plan }, ids, { hosting: 'one', profileDir: null, teardown })
    return { relays, seconds: (performance.now() - began) / 1000 }
  }
  const first = await start()
  progress(`${hosted} hosted nodes: first start ${first.seconds.toFixed(1)} s`)
  await first.relays.stop()
  const second = await start()
  progress(`${hosted} hosted nodes: start ${second.seconds.toFixed(1)} s`)
  const [pid = 0] = second.relays.pids
  await delay(settleMs)
  const before = processorSeconds(pid)
  await delay(restMs)
  const share = ((processorSeconds(pid) - before) / (restMs / 1000)) * 100
  const megabytes = residentMegabytes(pid)
  progress(`${hosted} hosted nodes at rest: ${megabytes.toFixed(0)} MB, ${share.toFixed(1)} % of a core`)
  await second.relays.stop()
  const what = `${hosted} hosted nodes in a process`
  return [
    { name: `${what}, first start`, reference: null, measured: first.seconds, unit: 's', runs: 1 },
    { name: `${what}, start`, reference: null, measured: second.seconds, unit: 's', runs: 1 },
    { name: `${what}, memory at rest`, reference: null, measured: megabytes, unit: 'MB', runs: 1 },
    { name: `${what}, processor at rest`, reference: null, measured: share, unit: '% of a core', runs: 1 },
  ]
}
