/** Draws a scenario from a seed: a tree, what is sent in it, and what goes wrong. */
import {
  compileDirectory,
  type Directory,
  type DirectoryNode,
  documentTypes,
  type NodeId,
  type OrganId,
  type Organisation,
} from '@lienthong/core'
import { type Random, seededRandom } from './random.ts'
import type { Fault, Move, PlannedDocument, Scenario, Theme } from './scenario.ts'
import { themes } from './scenario.ts'

export interface GeneratorOptions {
  /** @default drawn: 4..12 */
  readonly nodes?: number
  /** @default drawn: 8..24 */
  readonly documents?: number
  /** @default drawn */
  readonly theme?: Theme
  /** Faults in a chaotic run. @default drawn: 2..8 */
  readonly faults?: number
}

/** Documents are handed in and faults happen during this time, ms. */
const busyMs = 90_000
/** In a large tree every hop doubles what the hop before has doubled: smaller chances. */
const manyNodes = 50
const themeWeights: Readonly<Record<(typeof themes)[number], number>> = {
  calm: 1,
  outage: 2,
  absent: 2,
  crashes: 2,
  chaos: 4,
  moves: 2,
  handover: 2,
  regrown: 2,
  recall: 3,
}

export function generate(seed: number, options: GeneratorOptions = {}): Scenario {
  const random = seededRandom(seed)
  const theme = options.theme ?? drawTheme(random)
  const directory = drawDirectory(random, options.nodes ?? random.int(4, 12))
  const rough =
    theme === 'chaos' || theme === 'moves' || theme === 'regrown' || theme === 'handover' || theme === 'recall'
  const dying = rough || theme === 'crashes'
  const outage = theme === 'outage' ? drawOutage(random, directory) : null
  const absent = theme === 'absent' ? drawAbsence(random, directory) : null
  const sent = drawDocuments(random, directory, { count: options.documents ?? random.int(8, 24), theme })
  const documents = theme === 'recall' ? [...sent, ...drawRecalls(random, directory, sent)] : sent
  const faults: Fault[] = [
    ...(dying || absent !== null ? drawForgeries(random, directory) : []),
    ...(dying ? drawFaults(random, directory, { count: options.faults ?? random.int(2, 8), wiping: rough }) : []),
    ...(rough ? drawRefusals(random, documents) : []),
  ]
  if (outage !== null) {
    const { node, from: at, until } = outage
    faults.push({ at, kind: 'cut', node, silent: random.chance(0.5), forMs: until - at })
  }
  if (absent !== null) {
    const { node, from: at, until } = absent
    if (until !== null && random.chance(0.5)) faults.push({ at, kind: 'cut', node, silent: false, forMs: until - at })
    else faults.push({ at, kind: 'crash', node, forMs: until === null ? Number.POSITIVE_INFINITY : until - at })
  }
  const children = directory.nodes.filter((node) => node.parent !== null)
  const small =
    absent !== null ? [absent.node] : rough ? random.sample(children, random.int(0, 1)).map(({ id }) => id) : []
  return {
    seed,
    theme,
    calendarStart: 0,
    deadline: 6 * 3_600_000,
    directory,
    documents,
    faults,
    moves: drawChanges(random, directory, theme),
    absent,
    outage,
    queueLimits: small.map((child) => ({ child, messages: random.int(1, 6) })),
    crashRate: dying ? random.pick([0, 0.001, 0.005]) : 0,
    doubling: dying ? random.pick(directory.nodes.length > manyNodes ? [0, 0.01, 0.03] : [0, 0.05, 0.2]) : 0,
    faultsEnd: busyMs + 30_000,
    maxStrikes: 10,
  }
}

function drawTheme(random: Random): Theme {
  return random.pick(themes.flatMap((theme) => Array.from({ length: themeWeights[theme] }, () => theme)))
}

/** Depth is data: between two and five tiers, whatever comes of hanging each node below an earlier one. */
function drawDirectory(random: Random, count: number): Directory {
  const tiers = random.int(2, 5)
  const nodes: { node: DirectoryNode; depth: number; children: number }[] = [
    { node: { id: 'G22', tier: 'tier 0', parent: null, keys: [] }, depth: 0, children: 0 },
  ]
  while (nodes.length < count) {
    const above = random.pick(nodes.filter(({ depth }) => depth < tiers - 1))
    above.children += 1
    const id = above.depth === 0 ? `H${10 + above.children}` : `${above.node.id}.${above.children}`
    const depth = above.depth + 1
    nodes.push({ node: { id, tier: `tier ${depth}`, parent: above.node.id, keys: [] }, depth, children: 0 })
  }
  const organisations: Organisation[] = nodes.flatMap(({ node }) => [
    { id: node.id, name: node.id, parent: node.parent, node: node.id },
    ...Array.from({ length: random.int(0, 2) }, (_, number) => ({
      id: `${node.id}.X${number}`,
      name: `office ${number} of ${node.id}`,
      parent: node.id,
      node: node.id,
    })),
  ])
  return { version: 1, nodes: nodes.map(({ node }) => node), organisations }
}

function drawDocuments(
  random: Random,
  directory: Directory,
  { count, theme }: { readonly count: number; readonly theme: Theme },
): PlannedDocument[] {
  const organs = directory.organisations.map(({ id }) => id)
  // An organisation that moves sends nothing here: what its old node still has in line it may no longer speak for.
  const units = directory.nodes.map(({ id }) => id)
  const senders =
    theme === 'handover'
      ? organs.filter((organ) => units.includes(organ) || isSender(organ))
      : theme === 'moves' || theme === 'recall'
        ? units
        : organs
  const documents: PlannedDocument[] = []
  for (let number = 0; number < count; number++) {
    const from = random.pick(senders)
    // Handed in again at the node it has moved to, a document of a sender that moves has two origins: they dedupe at one mailbox.
    const others = organs.filter((organ) => organ !== from && !(theme === 'handover' && isSender(organ)))
    const recipients = random.chance(0.1) ? others : random.sample(others, random.int(1, 4))
    const segments = random.chance(0.25) ? random.int(2, 7) : 1
    const lane = segments === 1 && random.chance(0.3) ? 'express' : 'bulk'
    const document: PlannedDocument = { at: random.int(0, busyMs), uid: `D${number}`, from, recipients, lane, segments }
    documents.push(document)
    if (random.chance(0.1)) documents.push(handedInAgain(random, document, others))
  }
  return documents
}

/** Most documents are recalled or replaced soon, some by one whose they are not; many are sent again, and recalled again. */
function drawRecalls(random: Random, directory: Directory, sent: readonly PlannedDocument[]): PlannedDocument[] {
  const soon = (at: number) => at + random.int(0, 30_000)
  return sent.flatMap((document, number): PlannedDocument[] => {
    if (!random.chance(0.6)) return []
    const forged = random.chance(0.2)
    const from = forged ? random.pick(directory.nodes.filter(({ id }) => id !== document.from)).id : document.from
    const { recall, replacement } = documentTypes
    const businessType = random.chance(0.8) ? recall : replacement
    const segments = businessType === replacement ? random.int(1, 3) : 1
    const all = random.chance(0.7) ? document.recipients : random.sample(document.recipients, 1)
    const recipients = all.filter((organ) => organ !== from)
    if (recipients.length === 0) return []
    const first: PlannedDocument = {
      at: soon(document.at),
      uid: `R${number}`,
      from,
      recipients,
      lane: businessType === recall ? 'express' : 'bulk',
      segments,
      recalls: { uid: document.uid, businessType, forged },
    }
    const again = random.chance(0.5) ? [{ ...document, at: soon(first.at) }] : []
    return [first, ...again, ...(random.chance(0.3) ? [{ ...first, at: soon(first.at + 30_000) }] : [])]
  })
}

/** The same file later, for some of its recipients and some new ones. */
function handedInAgain(random: Random, document: PlannedDocument, others: readonly OrganId[]): PlannedDocument {
  const recipients = [...new Set([...document.recipients, ...random.sample(others, 2)])]
  return { ...document, at: document.at + random.int(1, 30_000), recipients }
}

function childrenOf(directory: Directory): DirectoryNode[] {
  return directory.nodes.filter((node) => node.parent !== null)
}

function drawOutage(random: Random, directory: Directory): { node: NodeId; from: number; until: number } {
  const from = random.int(0, busyMs / 2)
  return { node: random.pick(childrenOf(directory)).id, from, until: from + random.int(20_000, 300_000) }
}

function drawAbsence(random: Random, directory: Directory): { node: NodeId; from: number; until: number | null } {
  const from = random.int(0, 5_000)
  const until = random.chance(0.3) ? null : from + random.int(60_000, 400_000)
  return { node: random.pick(childrenOf(directory)).id, from, until }
}

function drawForgeries(random: Random, directory: Directory): Fault[] {
  if (random.chance(0.4)) return []
  const { id } = random.pick(childrenOf(directory))
  return Array.from({ length: 12 }, () => ({ at: random.int(0, busyMs), kind: 'forgery', node: id }))
}

function drawFaults(
  random: Random,
  directory: Directory,
  { count, wiping }: { readonly count: number; readonly wiping: boolean },
): Fault[] {
  const children = childrenOf(directory)
  return Array.from({ length: count }, (): Fault => {
    const at = random.int(0, busyMs)
    const anyone = random.pick(directory.nodes).id
    const child = random.pick(children).id
    switch (random.int(0, 5)) {
      case 0:
        return { at, kind: 'crash', node: anyone, forMs: random.int(100, 60_000) }
      case 1:
        return { at, kind: 'drop', node: child, end: random.pick(['own', 'pub', 'con']) }
      case 2:
        return { at, kind: 'silence', node: child, end: random.pick(['pub', 'con']) }
      case 3:
        return { at, kind: 'cut', node: child, silent: random.chance(0.5), forMs: random.int(500, 60_000) }
      default:
        return { at, kind: 'broker', node: anyone, wiped: wiping && random.chance(0.6), forMs: random.int(500, 20_000) }
    }
  })
}

function drawRefusals(random: Random, documents: readonly PlannedDocument[]): Fault[] {
  return documents
    .filter(() => random.chance(0.1))
    .map(({ uid }) => ({ at: busyMs + random.int(0, 60_000), kind: 'refusal', uid }))
}

function drawChanges(random: Random, directory: Directory, theme: Theme): Move[] {
  if (theme === 'regrown') return drawRegrowth(random, directory)
  if (theme === 'handover') return drawMoves(random, directory, true)
  return theme === 'moves' || (theme === 'recall' && random.chance(0.4)) ? drawMoves(random, directory, false) : []
}

/** Offices, never units: a unit is its node. */
function drawMoves(random: Random, directory: Directory, wired: boolean): Move[] {
  const offices = directory.organisations.filter((organ) => organ.id !== organ.node)
  const times = Array.from({ length: Math.min(offices.length, random.int(1, 4)) }, () =>
    random.int(5_000, busyMs),
  ).sort((a, b) => a - b)
  let current = directory
  return times.flatMap((at) => {
    const organ = random.pick(offices).id
    const from = current.organisations.find(({ id }) => id === organ)?.node ?? ''
    const to = random.pick(directory.nodes.filter(({ id }) => id !== from)).id
    current = {
      ...current,
      version: current.version + 1,
      organisations: current.organisations.map((each) => (each.id === organ ? moved(each, to, wired) : each)),
    }
    return [{ kind: 'mailbox', at, organ, from, to, directory: current, spreadMs: 60_000, wired }]
  })
}

function moved(organisation: Organisation, node: NodeId, wired: boolean): Organisation {
  if (!wired) return { ...organisation, node }
  const { formerNodes = [], node: before } = organisation
  const others = formerNodes.filter((each) => each.node !== before && each.node !== node)
  return { ...organisation, node, formerNodes: [...others, { node: before, until: '2099-12-31' }] }
}

/** Of the offices that move some only send and the others only receive. */
function isSender(office: OrganId): boolean {
  return office.endsWith('.X1')
}

/** Nodes with all that lies below them go elsewhere; a tier between is dropped, or comes anew. */
function drawRegrowth(random: Random, directory: Directory): Move[] {
  const times = Array.from({ length: random.int(1, 4) }, () => random.int(5_000, busyMs)).sort((a, b) => a - b)
  let current = directory
  return times.flatMap((at): Move[] => {
    const { id: node, parent } = random.pick(childrenOf(current))
    const { tree } = compileDirectory(current, 0)
    const others = current.nodes.filter(({ id }) => id !== parent && id !== node && !tree.isBelow(id, node))
    if (parent === null || others.length === 0) return []
    const to = random.pick(others).id
    current = {
      ...current,
      version: current.version + 1,
      nodes: current.nodes.map((each) => (each.id === node ? { ...each, parent: to } : each)),
    }
    return [{ kind: 'node', at, node, from: parent, to, directory: current, spreadMs: 60_000 }]
  })
}
