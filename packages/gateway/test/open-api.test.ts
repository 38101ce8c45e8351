import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildApp, settingsOf } from '../src/open-gateway.ts'
import { restRoutes } from '../src/rest/rest-routes.ts'
import { nodeDouble } from './node-double.ts'
import { directory } from './real-node.ts'

type Json = Readonly<Record<string, unknown>>

/** Every route there is, and the document that should describe them. */
async function routesAndDocument(): Promise<{ routes: string[]; document: Json }> {
  const node = nodeDouble({ directory })
  const app = buildApp(settingsOf({ node, listen: { host: '127.0.0.1', port: 0 } }))
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push(`${each} ${url.replace(/:(\w+)/g, '{$1}')}`)
  })
  await app.register(async (scope) => restRoutes(scope))
  const answer = await app.inject('/openapi.json')
  await app.close()
  return { routes, document: answer.json() as Json }
}

/** Everything inside, with the way to it. */
function* inside(value: unknown, way = '#'): Generator<readonly [way: string, value: Json]> {
  if (typeof value !== 'object' || value === null) return
  yield [way, value as Json]
  for (const [key, child] of Object.entries(value)) yield* inside(child, `${way}/${key.replaceAll('/', '~1')}`)
}

describe('the OpenAPI document', () => {
  it('describes every route, and no other', async () => {
    const { routes, document } = await routesAndDocument()
    const described = Object.entries(document['paths'] as Readonly<Record<string, Json>>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    assert.deepEqual(described.sort(), routes.filter((route) => route.includes(' /v1/')).sort())
    assert.ok(described.length >= 20)
  })

  it('is what OpenAPI 3.1 calls a document', async () => {
    const { document } = await routesAndDocument()
    assert.match(String(document['openapi']), /^3\.1\.\d$/)
    assert.deepEqual(Object.keys(document['info'] as Json), ['title', 'version', 'description', 'license'])
    const everything = new Map(inside(document))
    const ids = new Set<unknown>()
    for (const [way, value] of everything) {
      const { $ref: reference, nullable } = value
      if (typeof reference === 'string') assert.ok(everything.has(reference), `${way} leads nowhere: ${reference}`)
      assert.equal(nullable, undefined, `${way}: nullable is of OpenAPI 3.0`)
    }
    for (const [path, item] of Object.entries(document['paths'] as Readonly<Record<string, Json>>)) {
      for (const [method, operation] of Object.entries(item) as [string, Json][]) {
        const { operationId, summary, responses, parameters, requestBody } = operation
        const what = `${method} ${path}`
        assert.ok(typeof operationId === 'string' && !ids.has(operationId), what)
        ids.add(operationId)
        assert.ok(typeof summary === 'string' && summary !== '', what)
        for (const [status, answer] of Object.entries(responses as Readonly<Record<string, Json>>)) {
          assert.match(status, /^(\d{3}|default)$/)
          assert.equal(typeof answer['description'], 'string', what)
        }
        const listed = parameters as readonly { name: string; in: string; required: boolean; schema: Json }[]
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        assert.deepEqual(
          listed.filter((each) => each.in === 'path').map(({ name, required }) => [name, required]),
          inPath.map((name) => [name, true]),
          what,
        )
        assert.equal(new Set(listed.map((each) => `${each.in} ${each.name}`)).size, listed.length, what)
        if (['get', 'delete'].includes(method)) assert.equal(requestBody, undefined, what)
        const { content = {}, required = false } = (requestBody ?? {}) as { content?: Json; required?: boolean }
        const shape = (content['application/json'] as Json | undefined)?.['schema'] as Json | undefined
        const needed = (shape?.['required'] ?? []) as readonly string[]
        assert.equal(required, needed.length > 0, `${what}: a body that may be left out says so`)
      }
    }
  })
})
