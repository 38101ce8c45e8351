/**
 * Shapes of the REST interface, written once: they check what comes in and describe what goes out. A shape with a
 * `title` is a component of that name in the OpenAPI document.
 */
import { errorCodes } from '@lienthong/core'

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>

export const text: Schema = { type: 'string' }
export const textOrNull: Schema = { type: ['string', 'null'] }
export const flag: Schema = { type: 'boolean' }
export const whole: Schema = { type: 'integer' }
export const wholeOrNull: Schema = { type: ['integer', 'null'] }
export const instant: Schema = { type: 'string', format: 'date-time' }
export const instantOrNull: Schema = { type: ['string', 'null'], format: 'date-time' }
export const digest: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' }
export const organCode: Schema = { type: 'string', minLength: 1, maxLength: 64 }

export const oneOf = (words: readonly string[]): Schema => ({ type: 'string', enum: words })
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
export const described = (schema: Schema, description: string): Schema => ({ ...schema, description })

/** An object with exactly these members; those named in `optional` may be missing. */
export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

/** The same where every member may be missing: queries, bodies with defaults. */
export function options(properties: Readonly<Record<string, Schema>>): Schema {
  return object(properties, Object.keys(properties))
}

/** Every member has a default: no body is a body. */
export function mayBeLeftOut(body: unknown): boolean {
  const { required = [] } = (body ?? {}) as { readonly required?: readonly string[] }
  return required.length === 0
}

export const as = described(
  organCode,
  'Organisation the call is made for; may be left out by software that has only one.',
)

export function limit(byDefault: number, maximum: number): Schema {
  return { type: 'integer', minimum: 1, maximum, default: byDefault }
}

export const position: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export const problem: Schema = {
  title: 'Problem',
  ...object({
    type: text,
    title: text,
    status: whole,
    detail: described(text, 'A sentence for people, in the language of Accept-Language (vi, en).'),
    code: described(oneOf(Object.keys(errorCodes)), 'Match on this.'),
    action: described(text, 'What to do about it.'),
    instance: text,
  }),
}
