/** Where the nodes meet: one private broker, one per node, or a running one that is only borrowed. */
import { randomBytes } from 'node:crypto'
import type { NodeId } from '@lienthong/core'
import { type Broker, brokerFromEnvironment, startBroker, type Teardown } from '@lienthong/test/kit'
import { type BorrowedBroker, borrowBroker } from './borrowed-broker.ts'
import type { Report } from './report.ts'
import { tree } from './tree.ts'

/** Brokers starting at the same time; more only make each other late. */
const startingAtOnce = 2

export interface Brokers {
  of(node: NodeId): Broker
  vhostOf(node: NodeId): string
}

export interface BrokersOptions {
  readonly brokers: 'one' | 'each'
  readonly cleanup: Teardown
  readonly report: Report
}

/** Resolves when all of them are ready. */
export async function startBrokers({ brokers, cleanup, report }: BrokersOptions): Promise<Brokers> {
  const external = brokerFromEnvironment()
  if (external !== undefined) {
    const borrowed = await borrowBroker(await startBroker({ external }))
    cleanup.after(() => borrowed.giveBack())
    report.line(report.say('demo.broker.borrowed', { url: borrowed.broker.amqpUrl }))
    return borrowedBy(borrowed)
  }
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000)
  if (brokers === 'one') {
    const broker = await report.during(report.say('demo.broker.starting'), startBroker({ teardown: cleanup }))
    report.line(report.say('demo.broker.started', { seconds: seconds() }))
    return { of: () => broker, vhostOf: (node) => node }
  }
  const started = new Map<NodeId, Broker>()
  const waiting = tree.map(({ id }) => id)
  async function startNext(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      started.set(id, await startBroker({ teardown: cleanup }))
    }
  }
  const text = () => report.say('demo.brokers.starting', { ready: started.size, count: tree.length })
  await report.during(text, Promise.all(Array.from({ length: startingAtOnce }, startNext)))
  report.line(report.say('demo.brokers.started', { count: tree.length, seconds: seconds() }))
  return { of: (node) => started.get(node) as Broker, vhostOf: (node) => node }
}

function borrowedBy(borrowed: BorrowedBroker): Brokers {
  const prefix = `lienthong-demo-${randomBytes(4).toString('hex')}-`
  const vhostOf = (node: NodeId) => borrowed.vhost(`${prefix}${node}`)
  for (const { id } of tree) vhostOf(id)
  return { of: () => borrowed.broker, vhostOf }
}
