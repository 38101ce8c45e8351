/** Whether answers are what the OpenAPI document says. */
import assert from 'node:assert/strict'
import fastify from 'fastify'

type Json = Readonly<Record<string, unknown>>

export interface Operation {
  readonly method: string
  /** With `{name}` for parameters. */
  readonly path: string
  readonly operationId: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Json
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Json }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>
  >
}

export interface Description {
  readonly document: Json
  readonly operations: readonly Operation[]
  /** The operation of a call; undefined when there is none. */
  find(method: string, url: string): Operation | undefined
  /** Throws when an answer is not among those described. */
  check(method: string, url: string, response: Response, body: unknown): void
}

export async function readDescription(url: string): Promise<Description> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>
    readonly components: { readonly schemas: Json }
  } & Json
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
  // What is written is what is sent: nothing is converted or taken away before it is checked.
  const ajv = {
    customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true },
  } as const
  const app = fastify({ ajv })
  const checks = new Map<string, (value: unknown) => boolean>()
  let compile: ((schema: Json) => (value: unknown) => boolean) | undefined
  app.get('/', async (request) => {
    compile = (schema) => request.compileValidationSchema(schema as never) as (value: unknown) => boolean
  })
  await app.inject('/')

  function validator(schema: Json): (value: unknown) => boolean {
    const key = JSON.stringify(schema)
    const known = checks.get(key)
    if (known !== undefined) return known
    const whole = { ...schema, $defs: document.components.schemas }
    const made = compile?.(JSON.parse(JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/')) as Json)
    assert.ok(made)
    checks.set(key, made)
    return made
  }

  function find(method: string, url: string): Operation | undefined {
    const { pathname } = new URL(url, 'http://x')
    const parts = pathname.split('/')
    const fits = operations.filter((operation) => {
      const wanted = operation.path.split('/')
      if (operation.method !== method || wanted.length !== parts.length) return false
      return wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    })
    return fits.find(({ path }) => !path.includes('{')) ?? fits[0]
  }

  return {
    document,
    operations,
    find,
    check(method, url, response, body) {
      const operation = find(method === 'HEAD' ? 'GET' : method, url)
      assert.ok(operation, `${method} ${url} is not described`)
      const described =
        operation.responses[response.status] ?? (response.status >= 400 ? operation.responses['default'] : undefined)
      assert.ok(described, `${operation.operationId}: ${response.status} is not described`)
      const type = response.headers.get('content-type')?.split(';')[0]
      if (described.content === undefined || method === 'HEAD') return
      const content = described.content[type ?? '']
      assert.ok(content, `${operation.operationId}: ${response.status} as ${type} is not described`)
      if (content.schema === undefined) return
      const check = validator(content.schema)
      const errors = () => JSON.stringify((check as unknown as { errors: unknown }).errors)
      assert.ok(check(body), `${operation.operationId} ${response.status}: ${errors()}`)
    },
  }
}
