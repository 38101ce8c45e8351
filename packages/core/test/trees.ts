/** Arbitrary federations for the property tests: any depth, any names of tiers. */

import type { Core, Directory, DirectoryNode, Envelope, Kind, Organisation } from '@lienthong/core'
import fc from 'fast-check'

/** A tree of `nodes` nodes; each one's parent is an earlier one. Two organisations per node. */
export function arbitraryDirectory(maxNodes = 14): fc.Arbitrary<Directory> {
  return fc
    .array(fc.tuple(fc.nat(), fc.string({ maxLength: 5 })), { minLength: 1, maxLength: maxNodes - 1 })
    .map((below) => directoryOf(below.map(([pick, tier], index) => ({ parent: pick % (index + 1), tier }))))
}

export function directoryOf(below: readonly { readonly parent: number; readonly tier: string }[]): Directory {
  const nodes: DirectoryNode[] = [{ id: 'N0', tier: 'top', parent: null, keys: [] }]
  for (const [index, { parent, tier }] of below.entries()) {
    nodes.push({ id: `N${index + 1}`, tier, parent: `N${parent}`, keys: [] })
  }
  return withOrganisations(nodes)
}

export function withOrganisations(nodes: readonly DirectoryNode[]): Directory {
  const organisations: Organisation[] = nodes.flatMap(({ id, parent }) => [
    { id, name: id, parent, node: id },
    { id: `${id}.X`, name: `office of ${id}`, parent: id, node: id },
  ])
  return { version: 1, nodes, organisations }
}

export function coreOf(fields: Partial<Core> & Pick<Core, 'from' | 'recipients'>): Core {
  const kind: Kind = fields.kind ?? 'document'
  return {
    version: 1,
    uid: 'u1',
    generation: 1,
    businessType: 0,
    documentId: 'd1',
    size: 1,
    sha256: 'ab',
    segmentBytes: 1024,
    lane: 'bulk',
    sealedAt: 0,
    directoryVersion: 1,
    ...fields,
    kind,
  }
}

export function envelopeOf(core: Core, origin: string, fields: Partial<Envelope> = {}): Envelope {
  return { core, origin, to: core.recipients.map((_, place) => place), segment: 0, path: [], ...fields }
}
