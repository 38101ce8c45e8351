/** The OpenAPI 3.1 document, made of the very schemas that check the calls. */
import type { FastifyInstance, FastifySchema, HTTPMethods } from 'fastify'
import { mayBeLeftOut, problem, type Schema, text } from './schema.ts'

declare module 'fastify' {
  interface FastifySchema {
    readonly operationId?: string
    readonly summary?: string
    readonly description?: string
    readonly tags?: readonly string[]
  }
  interface FastifyContextConfig {
    /** Media types of a body that is no JSON. */
    readonly bytesIn?: readonly string[]
    /** Media type of an answer that is no JSON. */
    readonly bytesOut?: string
  }
}

const description = `Official documents as edXML packets, in and out of one node.

Software calls with its API key, or by a client certificate, for one of its organisations (\`as\`). Refusals are problem details
(RFC 9457): match on \`code\`. With 429 and 503 come again after \`Retry-After\`. Handing the same packet in again is always
safe: its content names it.`

interface Described {
  readonly methods: readonly string[]
  readonly url: string
  readonly schema: FastifySchema
  readonly bytesIn: readonly string[] | undefined
  readonly bytesOut: string | undefined
}

export interface OpenApi {
  /** The document as it stands: every route registered so far. */
  document(): Schema
}

/** Listens to routes being registered in this scope from now on. */
export function collectRoutes(app: FastifyInstance, version: string): OpenApi {
  const routes: Described[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const methods = ([method] as (HTTPMethods | HTTPMethods[])[]).flat().map((each) => each.toLowerCase())
    // Of GET and HEAD together the one says it all; a HEAD that fastify adds by itself has nothing to add.
    const shown = methods.filter((each) => each !== 'head')
    if (schema?.operationId === undefined || shown.length === 0) return
    routes.push({ methods: shown, url, schema, bytesIn: config?.bytesIn, bytesOut: config?.bytesOut })
  })
  return { document: () => documentOf(routes, version) }
}

function documentOf(routes: readonly Described[], version: string): Schema {
  const components: Record<string, Schema> = {}
  const paths: Record<string, Record<string, Schema>> = {}
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    const item = (paths[path] ??= {})
    for (const method of route.methods) item[method] = operationOf(route, components)
  }
  hoist(problem, components)
  return {
    openapi: '3.1.0',
    info: { title: 'Liên Thông', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { certificate: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `lt_…`.' },
        certificate: { type: 'mutualTLS', description: 'A client certificate known by its fingerprint.' },
      },
    },
  }
}

function operationOf({ schema, bytesIn, bytesOut }: Described, components: Record<string, Schema>): Schema {
  const { operationId, summary, description, tags, params, querystring, headers, body, response } = schema
  const content = (shape: unknown) => ({ 'application/json': { schema: hoist(shape as Schema, components) } })
  const bytes = (types: readonly string[]) => Object.fromEntries(types.map((type) => [type, {}]))
  const answers = Object.entries((response ?? {}) as Record<string, Schema>).map(([status, shape]) => [
    status,
    shape['type'] === 'null' ? { description: 'Done' } : { description: 'Done', content: content(shape) },
  ])
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags,
    parameters: [
      ...parametersOf('path', params, components),
      ...parametersOf('query', querystring, components),
      ...parametersOf('header', headers, components),
    ],
    ...(body === undefined ? {} : { requestBody: { content: content(body), required: !mayBeLeftOut(body) } }),
    ...(bytesIn === undefined ? {} : { requestBody: { content: bytes(bytesIn) } }),
    responses: {
      ...Object.fromEntries(answers),
      ...(bytesOut === undefined ? {} : rangeAnswers(bytes([bytesOut]))),
      default: {
        description: 'Refused',
        headers: { 'Retry-After': { description: 'Seconds to wait, with 429 and 503.', schema: { type: 'integer' } } },
        content: { 'application/problem+json': { schema: hoist(problem, components) } },
      },
    },
  }
}

function rangeAnswers(content: Schema): Schema {
  const etag = { ETag: { description: 'SHA-256 of all of it, in quotes.', schema: text } }
  const range = { 'Content-Range': { description: '`bytes FIRST-LAST/SIZE`', schema: text } }
  return {
    200: { description: 'All of it', headers: etag, content },
    206: { description: 'The range asked for', headers: { ...etag, ...range }, content },
    304: { description: 'Not changed', headers: etag },
  }
}

function parametersOf(place: string, shape: unknown, components: Record<string, Schema>): readonly Schema[] {
  const { properties = {}, required = [] } = (shape ?? {}) as {
    properties?: Record<string, Schema>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    ...(description === undefined ? {} : { description }),
    required: required.includes(name),
    schema: hoist(schema, components),
  }))
}

/** Puts every titled shape among the components, and a reference in its place. */
function hoist(shape: Schema, components: Record<string, Schema>): Schema {
  const { title, ...rest } = shape
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      // Below `properties` stand names, not keywords: a member may well be called `title`.
      key === 'properties'
        ? hoistEach(value as Readonly<Record<string, Schema>>, components)
        : hoistAny(value, components),
    ]),
  )
  if (typeof title !== 'string') return inner
  components[title] = inner
  return { $ref: `#/components/schemas/${title}` }
}

function hoistEach(shapes: Readonly<Record<string, Schema>>, components: Record<string, Schema>): Schema {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, hoist(shape, components)]))
}

function hoistAny(value: unknown, components: Record<string, Schema>): unknown {
  const isShape = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isShape ? hoist(value as Schema, components) : value
}
