import { senderDocIdOf } from './doc-id.ts'
import { invalid, optional, required } from './fields.ts'
import { filePart } from './file-part.ts'
import { checkedFile } from './hash-file.ts'
import type { Operation } from './operation.ts'

/**
 * Recipients are those of the packet. `to` may be left over from an earlier call of the same client, so it never takes a
 * document away from whom it names, nor brings it to others: it counts for packets that name nobody.
 */
export const sendEdoc: Operation = async ({ node, system, fields, body }) => {
  const as = node.systems.actingAs(system, required(fields, 'from'), 'send')
  const file = checkedFile(filePart(body), required(fields, 'hash-file'))
  const { uid } = await node.submit({ as, body: file, otherwiseTo: recipientsIn(optional(fields, 'to') ?? '') })
  return { members: { DocId: senderDocIdOf(uid) } }
}

/** A JSON list of codes, or codes with commas between them. Throws FIELD_INVALID. */
export function recipientsIn(to: string): readonly string[] {
  if (!to.startsWith('[')) return to.split(/[,;\s]+/).filter((code) => code !== '')
  const codes = listIn(to)
  if (!codes.every((code) => typeof code === 'string')) throw invalid('to')
  return codes
}

function listIn(text: string): readonly unknown[] {
  try {
    return JSON.parse(text) as unknown[]
  } catch {
    throw invalid('to')
  }
}
