/**
 * The tree re-organised under load: the district goes, the two provinces become one, by the program and one file, while
 * documents flow between all of them. What counts is what the receiving clients say they have read.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectControl, socketPathOf } from '@lienthong/cli'
import type { NodeId } from '@lienthong/core'
import { type JoinedFederation, prepareFederation } from '@lienthong/test/joined'
import { startProcess, waitFor } from '@lienthong/test/kit'
import type { Cleanup } from './cleanup.ts'
import { startReceivers } from './receivers.ts'
import { openDoor } from './reorg-doors.ts'
import { ReorgLedger } from './reorg-ledger.ts'
import { startTraffic, type Traffic } from './reorg-traffic.ts'
import { duration, type Report } from './report.ts'
import { drawTree, tree } from './tree.ts'
import { until } from './until.ts'

/** Documents sent before the tree changes, and again afterwards. */
const sentAround = 25
/** Documents that wait in mailboxes of units that close, with nobody left to read them there. */
const leftUnread = 5
const applyDeadlineMs = 60_000
const settleDeadlineMs = 45_000
const dayMs = 86_400_000

/** Who stands for whom afterwards. */
const heirs: ReadonlyMap<NodeId, NodeId> = new Map([
  ['H29', 'H26'],
  ['H29.18', 'H26'],
])
const closing = [...heirs.keys()]
const staying = tree.map(({ id }) => id).filter((id) => !heirs.has(id))

export interface ReorgHouse {
  readonly report: Report
  readonly cleanup: Cleanup
  /** Path of the compiled program `lienthong`. */
  readonly cliPath: string
}

/** Resolves to whether nothing was lost or doubled, and the line that says it. */
export async function performReorg({ report, cleanup, cliPath }: ReorgHouse): Promise<{ ok: boolean; totals: string }> {
  report.heading(report.say('demo.reorg.title'))
  showTree(report, new Map(tree.map(({ id, parent }) => [id, parent])))
  const federation = await report.during(
    report.say('demo.stage.opening', { count: tree.length }),
    openFederation(cleanup),
  )
  const ledger = new ReorgLedger(heirs)
  const [receivers, lastReaders] = await Promise.all(
    [staying, closing].map(async (organs) => {
      const started = await startReceivers({
        clients: organs.map((id) => ({ organ: id, args: [clientProgram, id, socketOf(federation, id)] })),
        onReport: (read) => ledger.received(read),
      })
      cleanup.after(() => started.stop())
      return started
    }),
  )
  const traffic = startTraffic((id) => socketOf(federation, id), ledger)
  cleanup.after(() => traffic.stop())

  await until(report, () => traffic.sent >= sentAround, waiting(report, 'demo.wait.traffic'))
  await lastReaders?.stop()
  const unread = () => waitingAt(federation)
  await until(report, async () => (await unread()).length >= leftUnread, waiting(report, 'demo.wait.traffic'))
  const leftBehind = await unread()
  report.line(report.say('demo.reorg.unread', { count: leftBehind.length, organs: closing.join(', ') }))
  const before = traffic.sent
  const startedAt = performance.now()
  await applyReform({ report, cleanup, cliPath }, federation)
  const during = traffic.sent - before
  const took = duration(report.language, performance.now() - startedAt)
  report.line(report.say('demo.reorg.applied', { took, sent: during }))
  await until(report, () => traffic.sent >= before + during + sentAround, waiting(report, 'demo.wait.traffic'))
  await traffic.stop()

  report.heading(report.say('demo.reorg.after'))
  await checkTree(report, federation)
  const settled = await until(report, () => ledger.answered, waiting(report, 'demo.wait.settled')).catch(() => false)
  report.check(settled !== false, report.say('demo.reorg.answered', { count: ledger.totals().due }))
  const handedOver = leftBehind.filter(({ organ, sha256 }) => ledger.hasRead(heirs.get(organ) ?? organ, sha256))
  report.check(
    handedOver.length === leftBehind.length,
    report.say('demo.reorg.handedOver', { count: handedOver.length }),
  )
  report.check(await allTold(traffic, report), report.say('demo.reorg.told', { count: traffic.sent }))
  await receivers?.stop()
  const { due, delivered, lost, duplicated } = ledger.totals()
  for (const line of ledger.faults()) report.line(`    ${line}`)
  return {
    ok: lost === 0 && duplicated === 0 && report.failures.length === 0,
    totals: report.say('demo.result.totals', { due, delivered, lost, duplicated }),
  }
}

const clientProgram = fileURLToPath(new URL('receiving-client.js', import.meta.url))

function waiting(report: Report, what: 'demo.wait.traffic' | 'demo.wait.settled') {
  return { what: report.say(what), deadlineMs: settleDeadlineMs }
}

function socketOf(federation: JoinedFederation, id: NodeId): string {
  return socketPathOf(federation.dataDir(id))
}

/** What nobody has read yet in the mailboxes of units that close. */
async function waitingAt(federation: JoinedFederation) {
  const pages = closing.map(async (organ) => {
    const { items } = await connectControl(socketOf(federation, organ)).list(organ)
    return items.map(({ payload: { sha256 } }) => ({ organ, sha256 }))
  })
  return (await Promise.all(pages)).flat()
}

/** Each node starts alone, joins its parent by an invitation and serves its own unit. */
async function openFederation(cleanup: Cleanup): Promise<JoinedFederation> {
  const invited = tree.filter(({ parent }) => parent !== null).map(({ id }) => id)
  const federation = await prepareFederation(cleanup, { tree, invited })
  for (const { id, parent, name } of tree) {
    const node = await federation.start(id)
    await openDoor(node, socketOf(federation, id), cleanup)
    if (parent !== null) {
      await federation.join(id)
      await waitFor(() => node.table.listed(parent) !== null, { what: parent, deadlineMs: settleDeadlineMs })
    }
    const current = await node.administration?.current()
    if (current === undefined) continue
    const { epoch, version, content } = current
    const organisations = [{ id, name, parent }]
    const change = { base: { epoch, version }, content: { ...content, organisations }, by: 'demo', reason: 'demo' }
    await node.administration?.apply(change)
  }
  const everywhere = () =>
    tree.every((one) => tree.every(({ id }) => federation.node(one.id).table.listed(id) !== null))
  await waitFor(everywhere, { what: 'the directory', deadlineMs: settleDeadlineMs })
  return federation
}

/** The program plans and carries it out, as an administrator would. */
async function applyReform({ report, cleanup, cliPath }: ReorgHouse, federation: JoinedFederation): Promise<void> {
  const file = join(federation.dataDir('G22'), '..', 'reform.yaml')
  const effective = new Date(Date.now() - dayMs).toISOString().slice(0, 10)
  const merged = '{ merge: [H29], into: H26, name: Ủy ban nhân dân Thành phố hợp nhất }'
  const changes = [merged, '{ dropTier: district, under: H26, into: H26 }', '{ drop: H29, under: H26 }']
  const text = [
    `effective: ${effective}`,
    'reason: NQ 202/2025/QH15',
    'changes:',
    ...changes.map((line) => `  - ${line}`),
  ]
  writeFileSync(file, `${text.join('\n')}\n`)
  for (const line of text) report.line(`    ${line}`)
  const nodes = tree.flatMap(({ id }) => ['--data', federation.dataDir(id)])
  const running = await startProcess({
    args: [cliPath, 'reorg', 'apply', file, '--approve', '--lang', report.language, ...nodes],
    teardown: cleanup,
  })
  const { exitCode, stdout, stderr } = await report.during(report.say('demo.reorg.applying'), running.finished)
  for (const line of stdout.trimEnd().split('\n')) report.line(`    ${line}`)
  if (exitCode !== 0) for (const line of stderr.trimEnd().split('\n').slice(-5)) report.line(`    ${line}`)
  report.check(exitCode === 0, report.say('demo.reorg.carried'))
}

/** Every node that stays sees the same tree: the merged province and what is below it. */
async function checkTree(report: Report, federation: JoinedFederation): Promise<void> {
  const parentsAt = (id: NodeId) => new Map(federation.node(id).directory.nodes.map((node) => [node.id, node.parent]))
  const isNew = (id: NodeId) => {
    const parents = parentsAt(id)
    return [...heirs.keys()].every((gone) => !parents.has(gone)) && staying.every((node) => parents.has(node))
  }
  const same = await waitFor(() => staying.every(isNew), { what: 'the new tree', deadlineMs: applyDeadlineMs }).catch(
    () => false,
  )
  showTree(report, parentsAt('G22'))
  report.check(same !== false, report.say('demo.reorg.tree', { count: staying.length }))
}

function showTree(report: Report, parents: ReadonlyMap<NodeId, NodeId | null>): void {
  const nodes = tree.flatMap((node) => {
    const parent = parents.get(node.id)
    return parent === undefined ? [] : [{ ...node, parent }]
  })
  for (const line of drawTree(({ tier, name }) => `${tier.padEnd(12)}${name}`, nodes)) report.line(`  ${line}`)
}

/** Senders that are still there know of every recipient that its document was collected. */
async function allTold(traffic: Traffic, report: Report): Promise<boolean> {
  const patience = waiting(report, 'demo.wait.settled')
  return until(report, () => traffic.allCollected(staying), patience).catch(() => false)
}
