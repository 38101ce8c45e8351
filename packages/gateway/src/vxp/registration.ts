/**
 * `registerAgency` and `deleteAgency`. The directory is the administrators': these say whether what is asked for is
 * already so, which is what a repeated call wants to hear, and refuse to change it.
 */
import { RelayError } from '@lienthong/core'
import { lifeOf } from './agencies.ts'
import { invalid, required } from './fields.ts'
import type { Operation, VxpCall } from './operation.ts'

const maxBodyBytes = 64 * 1024

/** OK for an organisation that this system already speaks for. Throws REGISTRATION_REFUSED, FIELD_INVALID. */
export const registerAgency: Operation = async (call) => {
  const code = await codeIn(call.body)
  const { table, systems } = call.node
  const wanted = table.listed(code)
  const own = systems.get(call.system)?.organisations ?? []
  if (wanted === null || !own.some((each) => table.listed(each)?.id === wanted.id)) throw refused(code)
  return { members: {} }
}

/** OK for an organisation that is not there or has closed. Throws REGISTRATION_REFUSED, FIELD_INVALID. */
export const deleteAgency: Operation = async ({ node: { table }, fields }) => {
  const code = required(fields, 'AgencyCode')
  const organisation = table.listed(code)
  if (organisation !== null && lifeOf(table, organisation) !== 'closed') throw refused(code)
  return { members: {} }
}

function refused(code: string): RelayError {
  return new RelayError('REGISTRATION_REFUSED', { detail: { organ: code } })
}

async function codeIn(body: VxpCall['body']): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) throw invalid('code')
    chunks.push(chunk)
  }
  const members = Object.entries(parse(Buffer.concat(chunks).toString('utf8')) ?? {})
  const code: unknown = members.find(([name]) => name.toLowerCase() === 'code')?.[1]
  if (typeof code !== 'string' || code.trim() === '') throw invalid('code')
  return code.trim()
}

function parse(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' ? parsed : null
  } catch {
    return null
  }
}
