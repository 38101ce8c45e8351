/** What a cluster of three brokers costs beside one: the same messages through quorum queues, side by side on one machine. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Connection, names, openBrokers, openConnection } from '@lienthong/link'
import { type Broker, startBroker, type Teardown, waitFor } from '../kit/index.ts'
import type { Figure } from './figure.ts'
import { processorSeconds } from './of-process.ts'
import type { Progress } from './progress.ts'

/** Children whose link queues are written, as at a centre. */
const children = ['H1', 'H2', 'H3', 'H4']
const loads = [
  { size: '5KiB', bytes: 5 * 1024, messages: 4_000 },
  { size: '250KiB', bytes: 250 * 1024, messages: 400 },
] as const
const deadlineMs = 120_000

/** Of the brokers together, for one message written, confirmed, delivered and acknowledged. */
interface Cost {
  readonly perSecond: number
  readonly processorMs: number
  readonly diskBytes: number
}

export async function clusterFigures(parts: {
  readonly progress: Progress
  readonly teardown: Teardown
}): Promise<readonly Figure[]> {
  const { progress, teardown } = parts
  const first = await startBroker({ teardown })
  const one = await measure([first], 'one')
  progress('starting two brokers more, as a cluster')
  const second = await startBroker({ teardown, joins: first })
  const third = await startBroker({ teardown, joins: first })
  const three = await measure([first, second, third], 'three')
  return loads.flatMap(({ size, bytes }, place) => {
    const [alone, together] = [one[place], three[place]]
    if (alone === undefined || together === undefined) return []
    const what = `three brokers/one, quorum queues ${size}`
    progress(`${what}: ${together.perSecond.toFixed(0)} against ${alone.perSecond.toFixed(0)} a second`)
    const figure = (name: string, of: (cost: Cost) => number, unit: Figure['unit']): Figure => ({
      name: `${what}${name}`,
      reference: of(alone),
      measured: of(together),
      unit,
      runs: 1,
    })
    return [
      figure('', ({ perSecond }) => perSecond, 'docs/s'),
      figure(', processor a message', ({ processorMs }) => processorMs, 'ms'),
      figure(', written to disk a byte', ({ diskBytes }) => diskBytes / bytes, 'bytes'),
    ]
  })
}

async function measure(brokers: readonly Broker[], vhost: string): Promise<readonly Cost[]> {
  const [{ amqpUrl, managementUrl, user, password }] = brokers as readonly [Broker]
  await openBrokers()
    .admin({ managementUrl, user, password, vhost })
    .declare({
      self: 'G22',
      children: children.map((id) => ({ id, password: randomBytes(12).toString('hex') })),
      systems: [],
      limits: { linkQueueBytes: 1024 ** 3, spoolBytes: 1024 ** 3 },
    })
  const connect = (name: string) => openConnection({ url: amqpUrl, user, password, vhost, name })
  const [gives, takes] = [connect('gives'), connect('takes')]
  try {
    const costs: Cost[] = []
    for (const load of loads) costs.push(await pass(brokers, { gives, takes }, load))
    return costs
  } finally {
    await Promise.all([gives.close(), takes.close()])
  }
}

async function pass(
  brokers: readonly Broker[],
  { gives, takes }: { readonly gives: Connection; readonly takes: Connection },
  { bytes, messages }: (typeof loads)[number],
): Promise<Cost> {
  const sender = gives.openSender({ maxInFlightBytes: 4 * 1024 * 1024 })
  let taken = 0
  const receivers = children.map((child) =>
    takes.openReceiver({
      queue: names.link(child, 'bulk'),
      prefetch: 64,
      onDelivery: (delivery) => {
        taken += 1
        delivery.settle()
      },
    }),
  )
  await waitFor(() => sender.open && receivers.every(({ open }) => open), { what: 'channels to open', deadlineMs })
  const body = randomBytes(bytes)
  const used = () => brokers.reduce((sum, { pid }) => sum + processorSeconds(pid), 0)
  const written = () => brokers.reduce((sum, { pid }) => sum + writtenBytes(pid), 0)
  const before = { used: used(), written: written(), at: performance.now() }
  const outcomes = []
  for (let number = 0; number < messages; number += 1) {
    const routingKey = names.link(children[number % children.length] as string, 'bulk')
    await sender.ready(bytes)
    outcomes.push(sender.send({ exchange: names.out, routingKey, type: 'lt.frame', body }))
  }
  const failed = (await Promise.all(outcomes)).find((outcome) => outcome !== 'confirmed')
  if (failed !== undefined) throw new Error(`a message was ${failed}`)
  await waitFor(() => taken >= messages, { what: 'all to be taken', deadlineMs })
  const seconds = (performance.now() - before.at) / 1000
  await Promise.all([sender, ...receivers].map((each) => each.close()))
  return {
    perSecond: messages / seconds,
    processorMs: ((used() - before.used) / messages) * 1000,
    diskBytes: (written() - before.written) / messages,
  }
}

/** What the process had the kernel write to disk [proc(5), io]. */
function writtenBytes(pid: number): number {
  const [, bytes = '0'] = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8')) ?? []
  return Number(bytes)
}
