/** Whether a step has been done, by what it leaves in the directory: also when somebody else did it. */
import type { Directory, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import type { DeclaredEdit, ReorgStep } from './reorg.ts'

/** null: the directory does not tell. */
export function seenIn(directory: Directory): (step: ReorgStep) => boolean | null {
  const organisations = new Map(directory.organisations.map((each) => [lookupKey(each.id), each]))
  const parents = new Map(directory.nodes.map(({ id, parent }) => [id, parent]))
  const isSeen = (edit: DeclaredEdit, node: NodeId) => editSeen(edit, node, { organisations, parents })
  return (step) => {
    switch (step.kind) {
      case 'declare': {
        const seen = step.edits.map((edit) => isSeen(edit, step.node))
        return seen.includes(false) ? false : seen.includes(null) ? null : true
      }
      case 'join':
        return parents.get(step.node) === step.under
      case 'leave':
        return !parents.has(step.node)
      case 'handover':
        return null
    }
  }
}

function editSeen(
  edit: DeclaredEdit,
  node: NodeId,
  {
    organisations,
    parents,
  }: {
    readonly organisations: ReadonlyMap<string, Organisation>
    readonly parents: ReadonlyMap<NodeId, NodeId | null>
  },
): boolean | null {
  const find = (code: OrganId) => organisations.get(lookupKey(code))
  switch (edit.edit) {
    case 'delegate':
      return null
    case 'dismiss':
      return parents.get(edit.child) !== node
    case 'open': {
      const at = find(edit.organisation.id)?.node
      // What one below serves still hides what is taken over here.
      return at === node || (at === undefined ? false : null)
    }
    case 'close':
      return find(edit.organ)?.validTo === edit.validTo
    case 'withdraw':
      return find(edit.organ)?.node !== node
    case 'set': {
      const { edit: _, organ, ...facts } = edit
      const now: Partial<Record<string, unknown>> = { ...find(organ) }
      return Object.entries(facts).every(([fact, value]) => now[fact] === value)
    }
  }
}
