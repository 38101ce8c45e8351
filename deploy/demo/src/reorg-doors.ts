import { openControlServer } from '@lienthong/cli'
import type { RelayNode } from '@lienthong/relay'
import type { Teardown } from '@lienthong/test/kit'

/** The control socket of a node, by which clients and the program come in. */
export async function openDoor(node: RelayNode, socketPath: string, teardown: Teardown): Promise<void> {
  const control = await openControlServer(node, socketPath)
  teardown.after(() => control.close({ timeoutMs: 0 }))
}
