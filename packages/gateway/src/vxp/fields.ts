/**
 * What a call says, in signed headers. The SDK never clears its map: fields of earlier calls come along, so an
 * operation reads those it knows and nothing else. Names are compared without case (`docId`, `docid`).
 */
import { RelayError } from '@lienthong/core'

/** Lower-case names without the prefix; more than one value when two spellings of a name say different things. */
export type Fields = ReadonlyMap<string, readonly string[]>

export function fieldsOf(members: Iterable<readonly [name: string, value: string]>): Fields {
  const fields = new Map<string, string[]>()
  for (const [written, value] of members) {
    const name = written.toLowerCase()
    const values = fields.get(name) ?? []
    if (!values.includes(value)) values.push(value)
    fields.set(name, values)
  }
  return fields
}

/** null when it is not there or empty. Throws FIELD_INVALID for two values: nobody knows which of them is meant. */
export function optional(fields: Fields, name: string): string | null {
  const values = fields.get(name.toLowerCase()) ?? []
  if (values.length > 1) throw invalid(name)
  const value = values[0]?.trim() ?? ''
  return value === '' ? null : value
}

/** Throws FIELD_INVALID also when it is not there. */
export function required(fields: Fields, name: string): string {
  const value = optional(fields, name)
  if (value === null) throw invalid(name)
  return value
}

export function invalid(name: string): RelayError {
  return new RelayError('FIELD_INVALID', { detail: { field: name } })
}
