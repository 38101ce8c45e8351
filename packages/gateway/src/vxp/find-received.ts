import { RelayError } from '@lienthong/core'
import { docIdOf, readDocId } from './doc-id.ts'
import { organisationsOf } from './door.ts'
import { invalid } from './fields.ts'
import type { Received, VxpCall } from './operation.ts'

/**
 * The item that `docId` names, in a mailbox of the calling system. A client that writes `docId` in one operation and
 * `docid` in the other sends both, one of them of an earlier call: then the one that still waits is meant.
 * Throws NOT_FOUND, also for items of others, and FIELD_INVALID when both wait or neither does.
 */
export async function findReceived(call: VxpCall): Promise<Received> {
  const docIds = call.fields.get('docid') ?? []
  const [docId = ''] = docIds
  const found: Received[] = []
  for (const each of docIds) found.push(...(await lookUp(call, each.trim())))
  const [first] = found
  if (docIds.length <= 1) {
    if (first === undefined) throw new RelayError('NOT_FOUND', { detail: { what: docId } })
    return first
  }
  const [waiting, other] = found.filter(({ item }) => item.collectedAt === null)
  if (waiting === undefined || other !== undefined) throw invalid('docId')
  return waiting
}

async function lookUp({ node, system }: VxpCall, docId: string): Promise<readonly Received[]> {
  const key = readDocId(docId)
  const organs = organisationsOf(node.systems, system, 'receive')
  if (key === null) return []
  for (const organ of organs.filter(key.mayBeFor)) {
    const [item] = await node.mailbox.list(organ, { after: key.id - 1, limit: 1, all: true })
    if (item !== undefined && item.id === key.id && docIdOf(item) === docId.toLowerCase()) return [{ organ, item }]
  }
  return []
}
