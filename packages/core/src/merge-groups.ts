/** Named groups announced by many nodes: each name once, each member known. */
import type { MergeRemark, Standing } from './announcement-merge.ts'
import type { Organisation } from './directory.ts'
import type { OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'

/** `standings`: parents first, so that the highest gives a name. */
export function mergeGroups(
  standings: readonly Standing[],
  organisations: readonly Organisation[],
  remark: (remark: MergeRemark) => void,
): Readonly<Record<string, readonly OrganId[]>> {
  if (standings.every(({ place }) => place.share.groups.length === 0)) return {}
  const codes = new Set(organisations.flatMap((organ) => [organ.id, ...otherCodesOf(organ)].map(lookupKey)))
  const taken = new Set<string>()
  const groups: [string, readonly OrganId[]][] = []
  for (const { place } of standings) {
    for (const [name, members] of place.share.groups) {
      const key = lookupKey(name)
      if (taken.has(key) || codes.has(key)) {
        remark({ node: place.node, id: name, why: 'contested' })
        continue
      }
      taken.add(key)
      const known = members.filter((member) => codes.has(lookupKey(member)))
      if (known.length < members.length) remark({ node: place.node, id: name, why: 'dangling' })
      groups.push([name, known])
    }
  }
  return Object.fromEntries(groups)
}
