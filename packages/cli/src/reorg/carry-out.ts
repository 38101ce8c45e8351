/**
 * Steps carried out one after the other, at the nodes that can be spoken to.
 *
 * A step that takes something away waits until every step before it is done, by this run or, as the directory shows, by
 * somebody else. Before a node declares its part it has heard what was declared before.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AnnouncementVersion,
  compareVersions,
  type DeclaredEdit,
  type DeclaredProblemKind,
  declaredProblemKinds,
  declaredProblemText,
  editDeclared,
  nodeOfKid,
  RelayError,
  type ReorgStep,
  seenIn,
  versionText,
} from '@lienthong/core'
import type { VersionItem } from '@lienthong/gateway/admin-protocol'
import { actor } from '../actor.ts'
import type { Context } from '../command.ts'
import type { ControlClient } from '../control/client.ts'
import { leaveWhenDrained } from '../leave.ts'
import type { Journal } from './journal.ts'
import type { PartNode, PartNodes } from './part-nodes.ts'

/** How long a node may take to hear what others have declared. */
const hearingMs = 60_000
const askAgainMs = 200
/** How long a run waits for a node that leaves to have nothing under way. */
const drainingMs = 60_000
const invitationMs = 3_600_000

/** Why a step was not done now. */
export type Held = 'date' | 'node' | 'before' | 'unheard' | 'undrained'

export interface Carried {
  readonly journal: Journal
  /** Steps still to come, with the reason. */
  readonly held: ReadonlyMap<string, Held>
}

export interface Carrying {
  readonly nodes: PartNodes
  /** True from the first day of the new order. */
  readonly isDue: boolean
  /** The legal act. */
  readonly reason: string
  readonly keep: (journal: Journal) => Promise<void>
  readonly context: Context
}

export async function carryOut(start: Journal, carrying: Carrying): Promise<Carried> {
  const { nodes, isDue, keep, context } = carrying
  let journal = start
  const held = new Map<string, Held>()
  for (const step of journal.steps) {
    if (isDone(journal, step)) continue
    const why = await hindrance(step)
    if (why !== null) {
      held.set(step.id, why)
      continue
    }
    const outcome = await stepAt(step, journal, carrying)
    if (outcome === 'unheard' || outcome === 'undrained') {
      held.set(step.id, outcome)
      continue
    }
    const bases = outcome === null ? journal.bases : { ...journal.bases, ...outcome }
    journal = { ...journal, bases, done: { ...journal.done, [step.id]: Date.now() } }
    await keep(journal)
    await context.note(
      context.say('reorg.done', { done: Object.keys(journal.done).length, all: journal.steps.length, node: step.node }),
    )
  }
  return { journal, held }

  async function hindrance(step: ReorgStep): Promise<Held | null> {
    if (step.when === 'date' && !isDue) return 'date'
    const taking = isTaking(step)
    const before = journal.steps.slice(0, journal.steps.indexOf(step)).filter((each) => !isDone(journal, each))
    if (taking && before.length > 0) {
      const seen = seenIn(await nodes.directoryNow())
      if (before.some((each) => seen(each) === false)) return 'before'
    }
    if (step.kind === 'handover') return null
    const wanted = step.kind === 'join' ? [step.node, step.under] : [step.node]
    return wanted.every((id) => nodes.nodes.has(id)) ? null : 'node'
  }
}

function isDone({ done }: Journal, { id }: ReorgStep): boolean {
  return done[id] !== undefined
}

function isTaking(step: ReorgStep): boolean {
  if (step.kind === 'leave') return true
  return step.kind === 'declare' && step.edits.some(({ edit }) => ['close', 'withdraw', 'dismiss'].includes(edit))
}

/** The versions it made; null for none. Throws BASE_MOVED, DECLARED_INVALID and what the node refuses with. */
async function stepAt(
  step: ReorgStep,
  journal: Journal,
  { nodes, reason }: Carrying,
): Promise<Journal['bases'] | 'unheard' | 'undrained' | null> {
  const act = { by: actor(), reason }
  const client = (id: string) => (nodes.nodes.get(id) as PartNode).client
  switch (step.kind) {
    case 'declare':
      return declareAt(step, client(step.node), journal, act)
    case 'handover':
      return null
    case 'join': {
      const { node: id, child, under, from } = step
      const [above, below] = [client(under), client(id)]
      if ((await below.declared.view()).parent === under) return null
      const [invited] = await above.joining.invite([child], { validForMs: invitationMs }, act)
      const token = invited?.token ?? null
      if (token === null) throw new RelayError('NODE_JOINED', { detail: { parent: under } })
      await below.joining.join(token, { ...act, insteadOf: from })
      return versionsOf(await above.declared.view())
    }
    case 'leave':
      return leaveAt(client(step.node), act)
  }
}

async function leaveAt(
  node: ControlClient,
  act: { readonly by: string; readonly reason: string },
): Promise<'undrained' | null> {
  const deadline = Date.now() + drainingMs
  try {
    await leaveWhenDrained(node, act, async (notYet) => {
      if (Date.now() > deadline) throw notYet
    })
    return null
  } catch (error) {
    if (error instanceof RelayError && error.code === 'NODE_NOT_DRAINED') return 'undrained'
    throw error
  }
}

async function declareAt(
  { node, edits }: { readonly node: string; readonly edits: readonly DeclaredEdit[] },
  { declared }: ControlClient,
  { bases }: Journal,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Journal['bases'] | 'unheard' | null> {
  for (const deadline = Date.now() + hearingMs; ; await sleep(askAgainMs)) {
    const { current } = await declared.view()
    const content = editDeclared(current.content, edits)
    const { base, changes, problems } = await declared.plan(content)
    if (changes.length === 0) return null
    const grave = problems.filter(({ kind }) => declaredProblemKinds[kind] === 'problem')
    const heard = await hasHeard(declared, node, bases)
    if (heard && grave.length === 0) {
      await refuseMoved(declared, { node, from: bases[node], to: base, reason })
      const { epoch, version } = await declared.apply({ base, content, reason }, by)
      return { [node]: { epoch, version } }
    }
    const lasting = grave.find(({ kind }) => !passing.includes(kind))
    if (lasting !== undefined || (heard && Date.now() > deadline && grave.length > 0)) {
      const [first] = lasting === undefined ? grave : [lasting]
      const said = first === undefined ? '' : declaredProblemText('en', first)
      throw new RelayError('DECLARED_INVALID', { detail: { reason: `${node}: ${said}` } })
    }
    if (Date.now() > deadline) return 'unheard'
  }
}

/** What a node says only until it has heard the others. */
const passing: readonly DeclaredProblemKind[] = [
  'organisationOutside',
  'delegateOutside',
  'organisationElsewhere',
  'parentUnknown',
  'successorUnknown',
  'whole',
]

/** It holds what the others have declared up to now. */
async function hasHeard(
  { announcements }: ControlClient['declared'],
  self: string,
  bases: Journal['bases'],
): Promise<boolean> {
  const held = new Map((await announcements()).map((each) => [each.node, each]))
  return Object.entries(bases).every(([node, version]) => {
    const there = held.get(node)
    // Who has left is heard of no more.
    return node === self || there === undefined || compareVersions(there, version) >= 0
  })
}

/** Between approving and doing it nobody else may have changed the table; what this re-organisation changed counts for nothing. */
async function refuseMoved(
  { history }: ControlClient['declared'],
  moved: {
    readonly node: string
    readonly from: AnnouncementVersion | undefined
    readonly to: AnnouncementVersion
    readonly reason: string
  },
): Promise<void> {
  const { node, from, to, reason } = moved
  if (from === undefined || compareVersions(from, to) === 0) return
  const since = (await history({ limit: 100 })).filter((each) => compareVersions(each, from) > 0)
  // Children join and leave by their own word; a key that follows changes no table.
  const isOurs = ({ by, changes, reason: why }: (typeof since)[number]) =>
    why === reason || (nodeOfKid(by) ?? node) !== node || isNothing(changes)
  if (since.every(isOurs)) return
  throw new RelayError('BASE_MOVED', { detail: { node, version: versionText(to) } })
}

function isNothing(changes: VersionItem['changes']): boolean {
  return changes !== null && changes.added + changes.changed + changes.removed === 0
}

function versionsOf({ node, current }: { node: string; current: AnnouncementVersion }): Journal['bases'] {
  return { [node]: { epoch: current.epoch, version: current.version } }
}
