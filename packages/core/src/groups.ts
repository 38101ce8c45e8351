/** Groups of organisations: `*` (all), `H29.*` (all below H29 by parent ids, not H29 itself), and named ones. */
import type { Directory } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import type { OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import type { OrganisationIndex } from './organisation-index.ts'
import { plantTree, type Tree } from './tree.ts'

const everyone = '*'
const belowSuffix = '.*'

/**
 * Compiles the groups as they are at the index's instant: members are organisations open then. For a
 * closed one stand its successors, in `*` and `H29.*` those that belong there themselves. Throws
 * RelayError DIRECTORY_INVALID for a group named like an organisation and for an unknown member.
 */
export function compileGroups(
  directory: Directory,
  index: OrganisationIndex,
): (group: string) => readonly OrganId[] | null {
  const named = namedGroups(directory, index)
  const open = new Set(index.open)
  const tree = organisationTree(directory, index)
  return (group) => {
    const key = lookupKey(group)
    if (key === everyone) return index.open
    const members = named.get(key)
    if (members !== undefined) return members
    if (!key.endsWith(belowSuffix)) return null
    const top = index.listed(key.slice(0, -belowSuffix.length))
    return top === null ? null : tree.allBelow(top.id).filter((organ) => open.has(organ))
  }
}

/** By parent ids, which may be written in any of an organisation's codes. */
function organisationTree(directory: Directory, index: OrganisationIndex): Tree {
  return plantTree(
    directory.organisations.map(({ id, parent }) => ({
      id,
      parent: parent === null ? null : (index.meant(parent)?.id ?? parent),
    })),
  )
}

function namedGroups(directory: Directory, index: OrganisationIndex): Map<string, readonly OrganId[]> {
  const named = new Map<string, readonly OrganId[]>()
  for (const [name, members] of Object.entries(directory.groups ?? {})) {
    const key = lookupKey(name)
    if (named.has(key) || index.meant(name) !== null) throw directoryFault('group named twice', name)
    const organs = new Set<OrganId>()
    for (const member of members) {
      const standing = index.standingFor(member)
      if (standing === null) throw directoryFault('member of a group unknown', member)
      for (const organ of standing) organs.add(organ)
    }
    named.set(key, [...organs])
  }
  return named
}
