/** What the README says is what there is, and its commands run. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type ErrorCode, errorCodes } from '@lienthong/core'
import { figureTable } from '@lienthong/relay'
import { metricPrefix, statusOf } from '../src/index.ts'
import { settingsOf } from '../src/open-gateway.ts'
import { readDescription } from './described-answers.ts'
import { nodeDouble } from './node-double.ts'
import { blocks, readPage, runScript, table } from './pages.ts'
import { openRealNode, packet, until } from './real-node.ts'

const readme = readPage('README.md')
const page = readPage('docs/connect-rest.md')
const scripts = blocks(page, 'sh')

describe('README', () => {
  it('lists every figure', () => {
    const expected = Object.entries(figureTable).map(([name, { type, help }]) => [metricPrefix + name, type, help])
    assert.deepEqual(table(readme, 'figure'), expected)
  })

  it('lists the status of every code that is not 422', () => {
    const written = table(readme, 'status').flatMap(([status = '', codes = '']) =>
      codes.split(' ').map((code) => `${code} ${status}`),
    )
    const there = (Object.keys(errorCodes) as ErrorCode[]).map((code) => `${code} ${statusOf(code)}`)
    assert.deepEqual(written.sort(), there.filter((each) => !each.endsWith(' 422')).sort())
  })

  it('lists every option', () => {
    const settings = settingsOf({ node: nodeDouble({}), listen: { host: '127.0.0.1', port: 0 } })
    const grouped = Object.entries(settings).flatMap(([name, value]) =>
      ['vxp', 'rest', 'webhooks', 'admin'].includes(name)
        ? Object.keys(value as object).map((each) => `${name}.${each}`)
        : [name],
    )
    assert.deepEqual(
      table(readme, 'option').map(([name]) => name),
      grouped,
    )
  })

  it('lists what operators may ask, with what is answered', async (t) => {
    const { gateway } = await openRealNode({ after: (step) => t.after(async () => void (await step())) })
    for (const [path = '', status = '', members = ''] of table(readme, 'path')) {
      const answer = await fetch(gateway.url + path)
      assert.match(status, new RegExp(String(answer.status)), path)
      if (answer.status === 503) assert.ok(Number(answer.headers.get('retry-after')) > 0, path)
      if (members !== '') assert.deepEqual(Object.keys((await answer.json()) as object), members.split(' '), path)
      else await answer.body?.cancel()
    }
  })

  it('has a page on REST with every operation and commands that run', async (t) => {
    const real = await openRealNode({ after: (step) => t.after(async () => void (await step())) })
    const key = await real.keyOf('dms', ['H29', 'H29.02'])
    const { operations } = await readDescription(real.gateway.url)
    const expected = operations.map(({ operationId, method, path }) => [operationId, `${method} ${path}`])
    assert.deepEqual(
      table(page, 'operation').map((row) => row.slice(0, 2)),
      expected,
    )

    const file = join(real.dir, 'cong-van.edxml')
    writeFileSync(file, await packet('12/UBND-VP', 'H29', ['H29.02'], 200_000))
    assert.equal(scripts.length, 2)
    const { url } = real.gateway
    const sides = { URL: url, KEY: key, FROM: 'H29', TO_URL: url, TO_KEY: key, TO: 'H29.02' }
    const ended = await runScript(scripts.join('\n'), real.dir, { ...sides, PACKET: file })
    assert.equal(ended.exit, 0, ended.text)
    assert.ok(readFileSync(join(real.dir, 'den.edxml')).equals(readFileSync(file)))
    assert.match(ended.text, /"outcome":"already"/)
    await until(async () => {
      const [document] = await real.node.sent.find('H29', { number: '12/UBND-VP' })
      const [recipient] = document?.recipients ?? []
      return recipient?.state === 'collected' && recipient.statusCode === 3
    })
  })
})
