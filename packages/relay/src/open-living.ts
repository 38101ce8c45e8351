/** Carries out what changes while a node runs, one change after the other, each whole before the next. */
import { type NodeId, RelayError, type RoutingTable } from '@lienthong/core'
import type { Topology } from '@lienthong/link'
import type { Bundles } from './bundles.ts'
import type { NodeContext } from './context.ts'
import type { CurrentDirectory } from './current-directory.ts'
import type { Destinations } from './destinations.ts'
import type { Dispatchers } from './dispatcher.ts'
import type { Handover } from './handover.ts'
import type { ChildAccount, DirectoryView, LivingParts } from './living.ts'
import type { Neighbours } from './neighbours.ts'
import type { Rerouting } from './rerouting.ts'
import type { ReturnedWays } from './returned-ways.ts'
import type { TopologyWatch } from './topology-watch.ts'
import type { Uplink } from './uplink.ts'

/** Who may come in, and for whom there are queues, now or in a moment. */
export interface ChildRegister {
  readonly accounts: ReadonlyMap<NodeId, string>
  /** Children of the table with or without an account, and accounts of children that the table does not know yet. */
  readonly topology: Topology['children']
  has(id: NodeId): boolean
  setAccounts(children: readonly ChildAccount[]): void
  /** Children of a table that is about to be used. */
  expect(children: readonly NodeId[]): void
}

export function registerChildren(table: () => RoutingTable, children: readonly ChildAccount[]): ChildRegister {
  let accounts = passwords(children)
  let expected: readonly NodeId[] = []
  const ids = () => new Set([...table().children, ...expected, ...accounts.keys()])
  return {
    get accounts() {
      return accounts
    },
    get topology() {
      return [...ids()].map((id) => ({ id, password: accounts.get(id) ?? null }))
    },
    has: (id) => accounts.has(id) || expected.includes(id) || table().children.includes(id),
    setAccounts(next) {
      accounts = passwords(next)
    },
    expect(next) {
      expected = next
    },
  }
}

export interface Living {
  readonly parts: LivingParts
  /** Begins no other change; resolves when the one under way has ended. */
  stop(): Promise<void>
}

export function openLiving(
  context: NodeContext,
  parts: {
    readonly directory: CurrentDirectory
    readonly children: ChildRegister
    readonly destinations: Destinations
    readonly dispatchers: Dispatchers
    readonly neighbours: Neighbours
    readonly returned: ReturnedWays
    readonly rerouting: Rerouting
    readonly handover: Pick<Handover, 'wake'>
    readonly bundles: Pick<Bundles, 'look'>
    readonly uplink: Uplink
    readonly watch: TopologyWatch
  },
): Living {
  const { directory, children, destinations, dispatchers, handover, neighbours, returned, rerouting, uplink, watch } =
    parts
  let last: Promise<unknown> = Promise.resolve()
  let stopped = false

  function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = last.then(() => {
      if (stopped) throw new RelayError('NODE_STOPPING')
      return change()
    })
    last = done.catch(() => undefined)
    return done
  }

  async function changeDirectory(next: DirectoryView): Promise<void> {
    const { table, commit } = directory.prepare(next)
    const before = new Set(context.table.children)
    const fresh = table.children.filter((child) => !before.has(child))
    if (fresh.length > 0) {
      children.expect(fresh)
      await returned.release(fresh)
      await watch.redeclare()
    }
    // At once, so that nothing meets a table with other ways than there are.
    commit()
    children.expect([])
    destinations.follow(table.children)
    dispatchers.follow()
    const { version, directoryVersion } = table
    context.log('info', 'directory changed: routing table compiled', { detail: { version, directoryVersion } })
    const after = new Set(table.children)
    if ([...before].some((child) => !after.has(child))) await watch.redeclare()
    rerouting.begin()
    handover.wake()
    parts.bundles.look()
  }

  async function changeChildren(accounts: readonly ChildAccount[]): Promise<RelayError | null> {
    children.setAccounts(accounts)
    await returned.release(accounts.map(({ id }) => id))
    return watch.redeclare()
  }

  const living: LivingParts = {
    changeDirectory: (next) => inTurn(() => changeDirectory(next)),
    changeChildren: (accounts) => inTurn(() => changeChildren(accounts)),
    changeParent: (parent) => inTurn(() => uplink.follow(parent)),
    get neighbours() {
      return neighbours.neighbours
    },
    sendToNeighbour: neighbours.sendToNeighbour,
    onDirectoryMessage: neighbours.onDirectoryMessage,
    onLink: neighbours.onLink,
  }
  return {
    parts: living,
    async stop() {
      stopped = true
      await last
    },
  }
}

function passwords(children: readonly ChildAccount[]): ReadonlyMap<NodeId, string> {
  return new Map(children.map(({ id, password }) => [id, password]))
}
