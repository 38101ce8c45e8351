/** The federation on stage: seven nodes over four tiers. Tier names are data, nothing depends on them. */
import type { NodeId } from '@lienthong/core'
import type { TreeNode } from '@lienthong/test/federation'

/** Parents before children. Codes have the real structure; units below the provinces are made up. */
export const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng Chính phủ' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Ủy ban nhân dân Thành phố Hồ Chí Minh' },
  { id: 'H29.18', tier: 'district', parent: 'H29', name: 'Ủy ban nhân dân quận Mẫu 18' },
  { id: 'H29.18.05', tier: 'commune', parent: 'H29.18', name: 'Ủy ban nhân dân phường Mẫu 05' },
  { id: 'H29.02', tier: 'department', parent: 'H29', name: 'Sở Mẫu 02' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Ủy ban nhân dân Thành phố Hà Nội' },
  { id: 'H26.10', tier: 'commune', parent: 'H26', name: 'Ủy ban nhân dân xã Mẫu 10' },
]

/** Whose software hands in over HTTP as one with VNPT's SDK does, and whose takes out by REST; communes of two provinces. */
export const vxpOrgan = 'H29.18.05'
export const restOrgan = 'H26.10'

/** The link that is cut: from a province to the centre. */
export const bridge = { child: 'H29', parent: 'G22' } as const

/** One way over one link. */
export interface Leg {
  readonly from: NodeId
  readonly to: NodeId
}

export function nameOf(id: NodeId): string {
  return tree.find((node) => node.id === id)?.name ?? id
}

/** The nodes from one to the other over their lowest common ancestor, both included. */
export function routeBetween(from: NodeId, to: NodeId): readonly NodeId[] {
  const up = ancestors(from)
  const down = ancestors(to)
  const meeting = up.find((id) => down.includes(id)) as NodeId
  return [...up.slice(0, up.indexOf(meeting) + 1), ...down.slice(0, down.indexOf(meeting)).reverse()]
}

/** Every leg a document takes, each once, however many recipients lie behind it. */
export function legsTo(from: NodeId, recipients: readonly NodeId[]): readonly Leg[] {
  const legs = new Map<string, Leg>()
  for (const recipient of recipients) {
    const route = routeBetween(from, recipient)
    for (const [index, to] of route.slice(1).entries()) {
      const leg = { from: route[index] as NodeId, to }
      legs.set(legName(leg), leg)
    }
  }
  return [...legs.values()]
}

export function legName({ from, to }: Leg): string {
  return `${from} → ${to}`
}

/** One line per node, drawn as a tree, each followed by what `describe` says. */
export function drawTree(describe: (node: TreeNode) => string, nodes: readonly TreeNode[] = tree): readonly string[] {
  const rows = branch(nodes, null, '')
  const width = Math.max(...rows.map(({ drawn }) => drawn.length))
  return rows.map(({ drawn, node }) => `${drawn.padEnd(width)}   ${describe(node)}`)
}

function branch(
  nodes: readonly TreeNode[],
  parent: NodeId | null,
  indent: string,
): readonly { drawn: string; node: TreeNode }[] {
  const children = nodes.filter((node) => node.parent === parent)
  return children.flatMap((node, index) => {
    const last = index === children.length - 1
    const isRoot = parent === null
    const drawn = isRoot ? node.id : `${indent}${last ? '└─ ' : '├─ '}${node.id}`
    return [{ drawn, node }, ...branch(nodes, node.id, isRoot ? indent : `${indent}${last ? '   ' : '│  '}`)]
  })
}

function ancestors(id: NodeId): readonly NodeId[] {
  const chain: NodeId[] = []
  for (let at: NodeId | null = id; at !== null; at = tree.find((node) => node.id === at)?.parent ?? null) chain.push(at)
  return chain
}
