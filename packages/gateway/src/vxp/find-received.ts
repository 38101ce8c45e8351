import { RelayError } from '@lienthong/core'
import { docIdOf, readDocId } from './doc-id.ts'
import { organisationsOf } from './door.ts'
import { invalid } from './fields.ts'
import type { Received, VxpCall } from './operation.ts'

/**
 * The item that `docId` names, in a mailbox of the calling system. A client that writes `docId` in one operation and
 * `docid` in the other sends both, one of them of an earlier call: then the one that still waits is meant.
 * Throws DOCUMENT_RECALLED for what its sender took back, NOT_FOUND, also for items of others, and FIELD_INVALID when
 * both wait or neither does.
 */
export async function findReceived(call: VxpCall): Promise<Received> {
  const docIds = call.fields.get('docid') ?? []
  const [docId = ''] = docIds
  const found: Received[] = []
  let recalled: RelayError | null = null
  for (const each of docIds) {
    const known = await lookUp(call, each.trim())
    if (known instanceof RelayError) recalled = known
    else if (known !== null) found.push(known)
  }
  const [first] = found
  if (docIds.length <= 1) {
    if (first === undefined) throw recalled ?? new RelayError('NOT_FOUND', { detail: { what: docId } })
    return first
  }
  const [waiting, other] = found.filter(({ item }) => item.collectedAt === null)
  if (waiting === undefined || other !== undefined) throw recalled ?? invalid('docId')
  return waiting
}

/** DOCUMENT_RECALLED for what was withdrawn, of which nothing is left to hold the check digits against. */
async function lookUp({ node, system }: VxpCall, docId: string): Promise<Received | RelayError | null> {
  const key = readDocId(docId)
  const organs = organisationsOf(node.systems, system, 'receive')
  if (key === null) return null
  for (const organ of organs.filter(key.mayBeFor)) {
    try {
      const { item } = await node.mailbox.read(organ, key.id)
      if (docIdOf(item) === docId.toLowerCase()) return { organ, item }
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      if (error.code === 'DOCUMENT_RECALLED') return error
      if (error.code !== 'NOT_FOUND') throw error
    }
  }
  return null
}
