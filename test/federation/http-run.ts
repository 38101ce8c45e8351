/**
 * Documents by HTTP from commune to commune of two provinces, while nodes with their gateways are killed −9.
 *
 *   G22 ─┬─ H29 ── H29.18 ─┬─ H29.18.05      communes: the real program, a process each
 *        │                 └─ H29.18.06      the others: nodes in this process
 *        └─ H26 ── H26.10 ─┬─ H26.10.01
 *                          └─ H26.10.02
 *
 * As many batches as kills: while a batch is handed in, one commune is killed at a moment drawn from the seed and
 * started again. Software does what the documents say: it repeats what had no answer, and takes out what comes.
 */
import { createHash } from 'node:crypto'
import { type Client, openClient } from '@lienthong/client'
import type { OrganId } from '@lienthong/core'
import { packet } from '../client/served-node.ts'
import { post, sendFields } from '../conformance/vxp/calls.ts'
import type { TreeNode } from '../kit/federation.ts'
import { clientOptions, issueSoftware, listAll, type Software } from '../kit/federation-http.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'
import { freePorts, lastFirst, type Teardown, waitFor } from '../kit/index.ts'
import { type Random, seededRandom } from '../simulation/random.ts'

const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29.18', tier: 'district', parent: 'H29', name: 'Huyện thứ nhất' },
  { id: 'H26.10', tier: 'district', parent: 'H26', name: 'Huyện thứ hai' },
  { id: 'H29.18.05', tier: 'commune', parent: 'H29.18', name: 'Xã thứ nhất' },
  { id: 'H29.18.06', tier: 'commune', parent: 'H29.18', name: 'Xã thứ hai' },
  { id: 'H26.10.01', tier: 'commune', parent: 'H26.10', name: 'Xã thứ ba' },
  { id: 'H26.10.02', tier: 'commune', parent: 'H26.10', name: 'Xã thứ tư' },
]
const communes = tree.filter(({ tier }) => tier === 'commune').map(({ id }) => id)

const kills = 3
/** Documents on their way in at once, of each commune. */
const atOnce = 4
/** Short, so that an item leased by an answer that never came is not waited for long. */
const leaseMs = 3_000
/** One in so many, by its number; no multiple of another or of the communes. */
const byVxp = 5
const toAll = 11
const inFile = 17
const inPieces = 97
const smallBytes = 2_000
/** Beyond what stands in the database, and in several segments. */
const fileBytes = 300_000
/** Beyond what a client hands in with one call. */
const piecesBytes = 1_000_000

export interface HttpRunOptions {
  readonly documents: number
  readonly seed: number
  /** For each batch, and for what is still on its way behind the last. */
  readonly deadlineMs: number
}

export interface HttpRun {
  readonly accepted: number
  /** (document, recipient) pairs. */
  readonly expected: number
  /** Pairs nobody took out, or that are in no mailbox. */
  readonly lost: readonly string[]
  /** Pairs taken out twice, or twice in a mailbox; documents twice at their origin. */
  readonly duplicated: readonly string[]
  /** In a mailbox or taken out, but never handed in for this organisation. */
  readonly unexpected: readonly string[]
  /** At their origin, without an end or not known to be collected. */
  readonly unsettled: readonly string[]
  /** Calls that failed and were repeated. */
  readonly repeated: number
  readonly killed: readonly OrganId[]
  readonly federation: LiveFederation
}

interface Order {
  readonly number: number
  readonly from: OrganId
  readonly to: readonly OrganId[]
}

/** The software of one commune. */
interface Desk {
  readonly software: Software
  readonly client: Client
  readonly node: NodeProcess
}

/** What has happened so far, by SHA-256 of the packets. */
interface Book {
  readonly accepted: Map<string, Order>
  /** `sha256 organ`, in the order they were acknowledged. */
  readonly collected: string[]
  /** Of software that gave up. */
  readonly failures: unknown[]
  repeated: number
}

export async function runOverHttp(teardown: Teardown, options: HttpRunOptions): Promise<HttpRun> {
  const { documents, seed, deadlineMs } = options
  const inOrder = lastFirst(teardown)
  const random = seededRandom(seed)
  const book: Book = { accepted: new Map(), collected: [], failures: [], repeated: 0 }
  const { federation, desks } = await openDesks(inOrder, book)
  const done = new AbortController()
  const receiving = desks.map((desk) => noted(book, collect(desk, book, done.signal)))

  const killed = await handInAll(desks, drawOrders(documents, random), { book, random, deadlineMs })
  const expected = new Set([...book.accepted].flatMap(([sha256, { to }]) => to.map((organ) => `${sha256} ${organ}`)))
  // What has not come then is named below.
  await waitFor(() => book.failures.length > 0 || new Set(book.collected).size >= expected.size, {
    what: 'every document to be collected',
    deadlineMs,
  }).catch(() => undefined)
  const unsettled = await settle(desks, deadlineMs)
  await federation.quiet({ deadlineMs })
  done.abort()
  await Promise.all(receiving)
  throwFailures(book)

  const rows = (await Promise.all(desks.map(mailboxOf))).flat()
  const origins = (await Promise.all(desks.map(handedInAt))).flat()
  const collected = new Set(book.collected)
  const inMailboxes = new Set(rows)
  return {
    accepted: book.accepted.size,
    expected: expected.size,
    lost: [...expected].filter((pair) => !collected.has(pair) || !inMailboxes.has(pair)),
    duplicated: [...twice(book.collected), ...twice(rows), ...twice(origins)],
    unexpected: [...new Set([...collected, ...inMailboxes])].filter((pair) => !expected.has(pair)),
    unsettled: [...unsettled, ...(origins.length === documents ? [] : [`${origins.length} documents at the origins`])],
    repeated: book.repeated,
    killed,
    federation,
  }
}

/** Batch by batch; says which communes were killed meanwhile. */
async function handInAll(
  desks: readonly Desk[],
  orders: Order[],
  { book, random, deadlineMs }: { readonly book: Book; readonly random: Random; readonly deadlineMs: number },
): Promise<readonly OrganId[]> {
  const killed: OrganId[] = []
  const accepted = async (count: number): Promise<void> => {
    const what = `${count} documents to be accepted`
    await waitFor(() => book.failures.length > 0 || book.accepted.size >= count, { what, deadlineMs })
    throwFailures(book)
  }
  for (let kill = 0; kill < kills; kill += 1) {
    const batch = orders.splice(0, Math.ceil(orders.length / (kills - kill)))
    const before = book.accepted.size
    const moment = before + random.int(1, Math.floor(batch.length / 2))
    const { node, software } = random.pick(desks)
    const sending = desks.map((desk) => noted(book, handIn(desk, batch, { book, deadlineMs })))
    await accepted(moment)
    await node.kill()
    killed.push(software.organ)
    await node.start()
    await accepted(before + batch.length)
    await Promise.all(sending)
  }
  return killed
}

function noted(book: Book, work: Promise<void>): Promise<void> {
  return work.catch((error: unknown) => void book.failures.push(error))
}

function throwFailures({ failures }: Book): void {
  if (failures.length > 0) throw new AggregateError(failures, `software gave up: ${String(failures[0])}`)
}

async function openDesks(
  teardown: Teardown,
  book: Book,
): Promise<{ readonly federation: LiveFederation; readonly desks: readonly Desk[] }> {
  const ports = await freePorts(communes.length)
  const federation = await startFederation(teardown, {
    tree,
    absent: communes,
    queryTiming: { firstMs: 5_000, maxMs: 30_000 },
    logLevel: 'info',
    httpOf: (node) => (communes.includes(node) ? { port: ports[communes.indexOf(node)] as number } : undefined),
  })
  const { plan } = federation
  plan.writeFiles()
  const desks = await Promise.all(
    communes.map(async (id): Promise<Desk> => {
      const node = await startNodeProcess(plan.node(id), teardown)
      const [software] = (await issueSoftware(node)) as [Software]
      const client = openClient({ ...clientOptions(software), onTrouble: () => void (book.repeated += 1) })
      teardown.after(() => client.close())
      return { software, client, node }
    }),
  )
  return { federation, desks }
}

function drawOrders(documents: number, random: Random): Order[] {
  return Array.from({ length: documents }, (_, index) => {
    const number = index + 1
    const from = communes[index % communes.length] as OrganId
    const others = communes.filter((organ) => organ !== from)
    return { number, from, to: number % toAll === 0 ? others : [random.pick(others)] }
  })
}

/** Every order of this batch that is from here, some at once. */
async function handIn(
  desk: Desk,
  batch: readonly Order[],
  { book, deadlineMs }: { readonly book: Book; readonly deadlineMs: number },
): Promise<void> {
  const mine = batch.filter(({ from }) => from === desk.software.organ)
  async function next(): Promise<void> {
    for (let order = mine.shift(); order !== undefined; order = mine.shift()) {
      const bytes = await packet(`${order.number}/UBND-VP`, { ...order, attachmentBytes: sizeOf(order) })
      if (order.number % byVxp === 0) await sendByVxp(desk.software, bytes, { book, deadlineMs })
      else await desk.client.submit(bytes)
      book.accepted.set(digestOf(bytes), order)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
}

function sizeOf({ number }: Order): number {
  if (number % inPieces === 1) return piecesBytes
  return number % inFile === 3 ? fileBytes : smallBytes
}

/** As an SDK of VXP does: the same call again when the line broke or the answer asks for patience. */
async function sendByVxp(
  { url, organ, system, secret }: Software,
  bytes: Buffer,
  { book, deadlineMs }: { readonly book: Book; readonly deadlineMs: number },
): Promise<void> {
  const options = {
    as: { systemid: system, secret, organ },
    fields: { ...sendFields(bytes), from: organ },
    body: bytes,
  }
  await waitFor(
    async () => {
      const answer = await post(url, 'sendEdoc', options).catch(() => null)
      if (answer?.['status'] === 'OK') return true
      if (answer !== null && answer['ErrorCode'] !== '20') throw new Error(JSON.stringify(answer))
      book.repeated += 1
      return false
    },
    { what: `${organ} to hand a packet in by VXP`, deadlineMs },
  )
}

async function collect({ client, software: { organ } }: Desk, book: Book, signal: AbortSignal): Promise<void> {
  for await (const item of client.receive({ leaseMs, signal })) {
    const hash = createHash('sha256')
    for await (const chunk of item.open()) hash.update(chunk)
    await item.ack()
    book.collected.push(`${hash.digest('hex')} ${organ}`)
  }
}

/** What is not at its end at its origin when time is up. */
async function settle(desks: readonly Desk[], deadlineMs: number): Promise<readonly string[]> {
  const backlogs = async (): Promise<readonly number[]> =>
    Promise.all(desks.map(async ({ node }) => (await node.client.status()).backlog.documents))
  let unsettled: readonly string[] = []
  await waitFor(
    async () => {
      // Cheap, unlike the lists.
      if ((await backlogs()).some((documents) => documents > 0)) return false
      unsettled = (await Promise.all(desks.map(unsettledAt))).flat()
      return unsettled.length === 0
    },
    { what: 'every recipient to be settled and collected at the origin', deadlineMs },
  ).catch(() => undefined)
  return unsettled
}

async function unsettledAt({ software }: Desk): Promise<readonly string[]> {
  const documents = await listAll(software, 'documents')
  return documents.flatMap(({ uid, settled, recipients = [] }) =>
    settled === true && recipients.every(({ state }) => state === 'collected') ? [] : [`${software.organ} ${uid}`],
  )
}

async function handedInAt({ software }: Desk): Promise<readonly string[]> {
  return (await listAll(software, 'documents')).map(({ uid }) => uid)
}

async function mailboxOf({ software }: Desk): Promise<readonly string[]> {
  return (await listAll(software, 'mailbox')).map(({ sha256 }) => `${sha256} ${software.organ}`)
}

function twice(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return keys.filter((key) => seen.size === seen.add(key).size)
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
