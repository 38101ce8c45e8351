/** Calls about support bundles. */
import type { BundlePage } from '@lienthong/gateway/admin-protocol'
import type { SentBundle } from '@lienthong/relay'
import type { BundleRecord } from '@lienthong/store'
import type { Calls } from './declared-calls.ts'
import { readHeaded } from './headed-body.ts'
import { askJson, type NodeAddress } from './transport.ts'

export interface ControlledBundles {
  /** To the parent. Throws NODE_NO_PARENT, PARENT_OLDER, BUNDLES_WAITING, BUNDLE_TOO_LARGE. */
  send(archive: Uint8Array): Promise<SentBundle>
  /** What became of it, as soon as that is known or `timeoutMs` (at most 30 s) is over. Throws NOT_FOUND. */
  sent(uid: string, timeoutMs: number): Promise<SentBundle>
  /** Of children, newest first. */
  list(): Promise<readonly BundleRecord[]>
  /** The body as that of a mailbox item. Throws NOT_FOUND. */
  read(id: number): Promise<{ readonly bundle: BundleRecord; readonly body: AsyncIterable<Uint8Array> }>
  /** Throws NOT_FOUND. */
  remove(id: number): Promise<BundleRecord>
}

export function bundleCalls(node: NodeAddress, { get, post }: Calls, by: string): ControlledBundles {
  return {
    send: (body) => askJson({ node, method: 'POST', path: '/bundles', query: { by }, body }),
    sent: (uid, timeoutMs) => get(`/bundles/sent/${uid}`, { timeoutMs }),
    list: async () => (await get<BundlePage>('/bundles', {})).items,
    read: async (id) => {
      const { head, body } = await readHeaded<BundleRecord>(node, `/bundles/${id}`, { by }, ({ sha256 }) => sha256)
      return { bundle: head, body }
    },
    remove: (id) => post(`/bundles/${id}/delete`, { by }),
  }
}
