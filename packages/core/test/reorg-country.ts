/** Two provinces under a centre, one with a district; each node serves its own unit and one part of it. */
import { type Declared, type Directory, type NodeId, nothingDeclared, type Organisation } from '@lienthong/core'

export const nodes = [
  ['G22', 'trung ương', null],
  ['H29', 'tỉnh', 'G22'],
  ['H26', 'tỉnh', 'G22'],
  ['H29.05', 'huyện', 'H29'],
  ['H29.05.01', 'xã', 'H29.05'],
  ['H29.05.02', 'xã', 'H29.05'],
  ['H26.07', 'xã', 'H26'],
] as const

const organisations = nodes.flatMap(([id, , parent]): readonly Organisation[] => [
  { id, name: `Ủy ban ${id}`, parent, node: id },
  { id: `${id}.9`, name: `Phòng ${id}`, parent: id, node: id },
])

export const country: Directory = {
  version: 1,
  nodes: nodes.map(([id, tier, parent]) => ({ id, tier, parent, keys: [] })),
  organisations,
}

/** What each node declares, by the directory; each child has its own code. */
export const declaredInCountry: ReadonlyMap<NodeId, Declared> = new Map(
  nodes.map(([self]) => [
    self,
    {
      ...nothingDeclared,
      children: nodes.flatMap(([id, tier, parent]) => (parent === self ? [{ id, tier, delegates: [id] }] : [])),
      organisations: organisations.flatMap(({ node, ...rest }) => (node === self ? [rest] : [])),
    },
  ]),
)
