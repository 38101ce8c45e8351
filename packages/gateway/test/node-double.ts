/** A node of which only some doors are there, for what the gateway itself does. */
import type { GatewayNode } from '../src/index.ts'

function unexpected(): never {
  throw new Error('not part of this test')
}

export function nodeDouble(parts: Partial<GatewayNode>): GatewayNode {
  const closed = new Proxy({}, { get: () => unexpected })
  return {
    id: 'H29',
    table: closed as GatewayNode['table'],
    directory: closed as GatewayNode['directory'],
    administration: null,
    joining: null,
    bridging: null,
    submit: unexpected,
    status: unexpected,
    track: unexpected,
    mailbox: closed as GatewayNode['mailbox'],
    sent: closed as GatewayNode['sent'],
    uploads: closed as GatewayNode['uploads'],
    systems: closed as GatewayNode['systems'],
    operators: closed as GatewayNode['operators'],
    links: closed as GatewayNode['links'],
    diagnosis: closed as GatewayNode['diagnosis'],
    bundles: closed as GatewayNode['bundles'],
    splits: closed as GatewayNode['splits'],
    health: unexpected,
    traffic: unexpected,
    // Nobody has subscribed to anything.
    hooks: { due: async () => [] } as unknown as GatewayNode['hooks'],
    watch: () => () => undefined,
    probe: unexpected,
    figures: unexpected,
    ...parts,
  }
}
