import type { PacketKind } from '@lienthong/core'
import { organisationsOf } from './door.ts'
import type { Operation } from './operation.ts'

export const countReceiveEdoc = countOf('document')
export const countReceiveStatus = countOf('status')

/** What waits for all organisations of the system. The operation says what is counted, a `messagetype` may be left over. */
function countOf(kind: PacketKind): Operation {
  return async ({ node, system }) => {
    let count = 0
    for (const organ of organisationsOf(node.systems, system, 'receive'))
      count += await node.mailbox.count(organ, { kind })
    return { members: { count } }
  }
}
