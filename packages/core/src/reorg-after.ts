/** The directory a re-organisation leads to, and what is wrong with it. */
import { ended } from './declared-edit.ts'
import type { Directory, Organisation } from './directory.ts'
import type { DirectoryFault } from './directory-fault.ts'
import { RelayError } from './errors.ts'
import { lookupKey } from './organisation-code.ts'
import { dayStart } from './period.ts'
import type { ReorgProblem } from './reorg.ts'
import type { Decided } from './reorg-decide.ts'
import { compileTable } from './routing.ts'

/** When everything is done. What has dates holds from its day on. */
export function reorganised(directory: Directory, decided: Decided): Directory {
  const { opened, closed, moved, facts, joins, leaving, stayingAbove } = decided
  const parents = new Map(joins.map(({ child, to }) => [child.id, to]))
  const ends = new Map(closed.map((end) => [end.organ, end]))
  const places = new Map(moved.map(({ organisation }) => [organisation.id, organisation]))
  const changes = new Map(facts.map(({ organ, node: _node, ...fact }) => [organ, fact]))
  const again = new Set(opened.map(({ id }) => lookupKey(id)))
  const organisations = directory.organisations
    .filter(({ id }) => !again.has(lookupKey(id)))
    .map((was): Organisation => {
      const now = { ...(places.get(was.id) ?? was), ...changes.get(was.id) }
      const end = ends.get(was.id)
      const node = leaving.has(now.node) ? (stayingAbove(now.node) ?? now.node) : now.node
      return end === undefined ? { ...now, node } : ended({ ...now, node }, end)
    })
  return {
    ...directory,
    version: directory.version + 1,
    nodes: directory.nodes
      .filter(({ id }) => !leaving.has(id))
      .map((node) => ({ ...node, parent: parents.get(node.id) ?? node.parent })),
    organisations: [...organisations, ...opened],
  }
}

/** What keeps the directory from being one, on the first day or any other. */
export function faultOf(after: Directory, effective: string): ReorgProblem | null {
  const root = after.nodes.find(({ parent }) => parent === null)
  try {
    compileTable(root?.id ?? '', after, 1, dayStart(effective) ?? 0)
    return null
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    const { id, reason } = error.detail
    return { path: [], kind: 'whole', value: String(id), fault: reason as DirectoryFault }
  }
}
