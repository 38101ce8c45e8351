/** With what traffic a re-organisation is rehearsed: a table, or what the nodes that are reached have sent. */
import { resolve } from 'node:path'
import { type Directory, isCode, type NodeId, parseWhole, RelayError, type TrafficPair } from '@lienthong/core'
import type { CommandInput, Context } from '../command.ts'
import type { ControlClient } from '../control/client.ts'
import { askEach, type PartNode } from './part-nodes.ts'

export const defaultTrafficDays = 30
const maxTrafficDays = 90
const dayMs = 86_400_000
/** Documents looked at in one call. */
const pageDocuments = 1000

export interface SentTraffic {
  readonly days: number
  /** Each once, with its documents at all nodes. */
  readonly pairs: readonly Required<TrafficPair>[]
  /** Nodes of the directory that did not tell what they have sent. */
  readonly silent: readonly NodeId[]
}

/** null: a table is given instead. Throws USAGE. */
export function trafficDays(input: CommandInput): number | null {
  const written = input.text('traffic-days')
  if (input.text('traffic') !== undefined) {
    if (written === undefined) return null
    throw new RelayError('USAGE', { detail: { reason: '--traffic, --traffic-days' } })
  }
  const days = written === undefined ? defaultTrafficDays : parseWhole(written)
  if (days === null || days < 1 || days > maxTrafficDays) {
    throw new RelayError('USAGE', { detail: { reason: `--traffic-days "${written}": 1 … ${maxTrafficDays}` } })
  }
  return days
}

export async function trafficOf(
  { nodes, directory }: { readonly nodes: ReadonlyMap<NodeId, PartNode>; readonly directory: Directory },
  days: number,
): Promise<SentTraffic> {
  const since = Date.now() - days * dayMs
  const pairs = new Map<string, Required<TrafficPair>>()
  const told = new Set<NodeId>()
  await askEach([...nodes.values()], async ({ id, client }) => {
    try {
      // All of it or nothing: half of what a node has sent is taken for the whole.
      const own = await sentBy(client, since)
      for (const { from, to, documents } of own) {
        const key = `${from}\n${to}`
        pairs.set(key, { from, to, documents: (pairs.get(key)?.documents ?? 0) + documents })
      }
      told.add(id)
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
    }
  })
  const silent = directory.nodes.flatMap(({ id }) => (told.has(id) ? [] : [id])).sort()
  return { days, pairs: [...pairs.values()], silent }
}

async function sentBy(client: ControlClient, since: number): Promise<readonly Required<TrafficPair>[]> {
  const all: Required<TrafficPair>[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<ControlClient['traffic']>> = await client.traffic({
      since,
      after,
      limit: pageDocuments,
    })
    all.push(...page.pairs)
    after = page.next
  }
  return all
}

/** Two columns, from and to; a first row without codes is headings. Throws FILE_UNREADABLE. */
export async function pairsIn(file: string, { terminal }: Context): Promise<readonly TrafficPair[]> {
  const { readSheetFile } = await import('../declared/sheet-file.ts')
  const { rows } = await readSheetFile(resolve(terminal.workingDir, file), file)
  return rows.flatMap(({ cells: [from = '', to = ''] }) =>
    isCode(from.trim()) && isCode(to.trim()) && from !== 'from' ? [{ from: from.trim(), to: to.trim() }] : [],
  )
}
