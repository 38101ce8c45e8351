/** What counts of an announcement: the part that lies inside what its node was given. */
import type { AnnouncedChild, Announcement } from './announcement.ts'
import type { Delegation } from './delegation.ts'
import type { Organisation } from './directory.ts'
import type { OrganId } from './document.ts'

export interface Share {
  /** Children, each with what it was given of what its parent has. */
  readonly children: readonly AnnouncedChild[]
  readonly organisations: readonly Organisation[]
  readonly groups: readonly (readonly [name: string, members: readonly OrganId[]])[]
  /** Codes it named without having them: they count for nothing, the rest does. */
  readonly exceeded: readonly OrganId[]
}

/** Of a node that has announced nothing. */
export const noShare: Share = { children: [], organisations: [], groups: [], exceeded: [] }

export function shareOf(announcement: Announcement, { codes, covers }: Delegation): Share {
  const { node } = announcement
  const exceeded: OrganId[] = []
  const inside = (code: OrganId) => {
    if (codes === null || covers(code)) return true
    exceeded.push(code)
    return false
  }
  const children = announcement.children.flatMap((child) => {
    if (!inside(child.id)) return []
    const delegates = child.delegates.filter(inside)
    return [delegates.length === child.delegates.length ? child : { ...child, delegates }]
  })
  const organisations = announcement.organisations.flatMap((organ): Organisation[] => {
    if (!inside(organ.id)) return []
    const served = { ...organ, node }
    for (const field of ['oldCode', 'code102'] as const) {
      const code = served[field]
      if (code !== undefined && !inside(code)) delete served[field]
    }
    return [served]
  })
  const groups = Object.entries(announcement.groups).map(([name, members]) => [name, members.filter(inside)] as const)
  return { children, organisations, groups, exceeded }
}
