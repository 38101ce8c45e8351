import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type AlertObservation, type AlertObservations, alertChanges, alertKinds } from '@lienthong/core'
import { headerOf, lastFirst, openMailSink, temporaryFolder, textOf } from '@lienthong/test/kit'
import { type AlertOptions, type AlertWays, startAlerts, testAlerts } from '../src/alerts/index.ts'
import { letterOf } from '../src/alerts/letter.ts'
import { signatureOf } from '../src/hooks/signature.ts'
import { blocks, readPage, table } from './pages.ts'
import { until } from './real-node.ts'
import { openReceiver } from './receiver.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

/** A node as alerts see it. */
interface Scene {
  now: number
  observe: () => Promise<AlertObservations>
  readonly dataDir: string
  readonly logged: string[]
  start(ways: Partial<AlertWays>, options?: Partial<AlertOptions>): Promise<{ close(): Promise<void> }>
}

function bad(kind: AlertObservation['kind'], about = '', grade = 2): AlertObservation {
  return { kind, about, grade, value: 5, notes: [] }
}

async function scene(t: TestContext): Promise<Scene> {
  const teardown = lastFirst(t)
  const logged: string[] = []
  const self: Scene = {
    now: Date.UTC(2026, 0, 1),
    observe: async () => ({ seen: [], complete: true }),
    dataDir: temporaryFolder(teardown),
    logged,
    async start(ways, options = {}) {
      const alerts = await startAlerts({
        node: 'H29',
        ways: { mail: null, webhook: null, ...ways },
        dataDir: self.dataDir,
        observe: () => self.observe(),
        everyMs: 20,
        remindAfterMs: 86_400_000,
        language: 'en',
        log: (level, message, { detail } = {}) => logged.push(`${level} ${message} ${JSON.stringify(detail)}`),
        now: () => self.now,
        retry: { firstMs: 0, maxMs: 0 },
        ...options,
      })
      teardown.after(() => alerts.close())
      return alerts
    },
  }
  return self
}

function mailTo(port: number): Pick<AlertWays, 'mail'> {
  const mail = { from: 'h29@tinh.example', to: ['truc@tinh.example'], login: null, ca: null }
  return { mail: { ...mail, smtp: `smtp://127.0.0.1:${port}` } }
}

const webhookTo = (url: string): Pick<AlertWays, 'webhook'> => ({ webhook: { url, secret, ca: null } })

describe('the page on alerts', () => {
  const page = readPage('docs/alerts.md')

  it('lists every kind and how long it waits, and what a webhook carries', () => {
    const waits = (ms: number) => (ms === 0 ? 'at once' : `${ms / 60_000} min`)
    assert.deepEqual(
      table(page, 'kind'),
      Object.entries(alertKinds).map(([kind, { patienceMs }]) => [kind, waits(patienceMs)]),
    )
    const news = { ...bad('disk', '/srv/lienthong'), grade: 2, change: 'raised', since: 0, at: 0 } as const
    const { data } = letterOf('en', 'H29', { id: 'a', at: 0, news: [news] }) as { data: { alerts: object[] } }
    const [shown = ''] = blocks(page, 'json')
    assert.deepEqual(Object.keys(JSON.parse(shown).data), Object.keys(data))
    assert.deepEqual(Object.keys(JSON.parse(shown).data.alerts[0]), Object.keys(data.alerts[0] ?? {}))
    assert.deepEqual(
      table(page, 'member').map(([name]) => name),
      Object.keys(data.alerts[0] ?? {}),
    )
    assert.deepEqual((table(page, 'member')[0]?.[1] ?? '').split(/, | or /), [...alertChanges])
  })
})

describe('alerts of a node', () => {
  it('tell by mail and by signed webhook what is bad, all at once, and that it is over', async (t) => {
    const [sink, receiver, node] = [await openMailSink(t), await openReceiver(t), await scene(t)]
    node.observe = async () => ({ seen: [bad('disk', '/srv', 1), bad('key', 'H29#1')], complete: true })
    await node.start({ ...mailTo(sink.port), ...webhookTo(`${receiver.url}/alerts`) })
    await until(() => sink.mails.length === 1 && receiver.received.length === 1)
    const begun = node.now
    node.observe = async () => ({ seen: [], complete: true })
    await until(() => readFileSync(join(node.dataDir, 'alerts.json'), 'utf8').includes(`"goodSince":${begun}`))
    node.now += 300_000
    await until(() => sink.mails.length === 2 && receiver.received.length === 2)

    const [first = assert.fail(), second = assert.fail()] = sink.mails
    assert.equal(headerOf(first, 'subject'), 'Liên Thông H29: critical – The key H29#1 ends in 5 days, and 1 more')
    assert.match(textOf(first), /warning: The disk \/srv has 5% free\n {2}Since 2026-01-01 07:00:00 \+07:00/)
    assert.match(headerOf(second, 'subject'), /^Liên Thông H29: over – The/)
    const [hook = assert.fail()] = receiver.received
    const id = String(hook.headers['webhook-id'])
    const timestamp = Number(hook.headers['webhook-timestamp'])
    assert.equal(hook.headers['webhook-signature'], signatureOf([secret], { id, timestamp, body: hook.body }))
    assert.equal(headerOf(first, 'message-id'), `<${id}@tinh.example>`)
    const { type, data } = hook.json
    assert.deepEqual([type, data.node, data.more], ['alert', 'H29', 0])
    assert.deepEqual(
      data.alerts.map(({ change, kind, about, level }: Record<string, unknown>) => [change, kind, about, level]),
      [
        ['raised', 'key', 'H29#1', 'critical'],
        ['raised', 'disk', '/srv', 'warning'],
      ],
    )
  })

  it('wait for a mail server that refuses for a while, in order, while a webhook is told at once', async (t) => {
    const [sink, receiver, node] = [await openMailSink(t), await openReceiver(t), await scene(t)]
    let refusals = 0
    sink.refuse = () => {
      refusals += 1
      return { code: 451, text: 'later' }
    }
    node.observe = async () => ({ seen: [bad('disk', '/srv')], complete: true })
    await node.start({ ...mailTo(sink.port), ...webhookTo(receiver.url) })
    await until(() => refusals >= 3 && receiver.received.length === 1)
    node.observe = async () => ({ seen: [bad('disk', '/srv'), bad('dead')], complete: true })
    await until(() => receiver.received.length === 2)
    assert.deepEqual(sink.mails, [])
    sink.refuse = () => null

    await until(() => sink.mails.length === 2)
    assert.deepEqual(
      sink.mails.map((mail) => headerOf(mail, 'subject')),
      ['Liên Thông H29: critical – The disk /srv has 5% free', 'Liên Thông H29: critical – 5 dead letters are kept'],
    )
  })

  it('say after a restart what could not be said before it, once, and nothing that was said', async (t) => {
    const [sink, receiver, node] = [await openMailSink(t), await openReceiver(t), await scene(t)]
    sink.refuse = () => ({ code: 451, text: 'later' })
    const ways = { ...mailTo(sink.port), ...webhookTo(receiver.url) }
    node.observe = async () => ({ seen: [bad('disk')], complete: true })
    const before = await node.start(ways)
    await until(() => receiver.received.length === 1)
    await before.close()
    sink.refuse = () => null
    assert.deepEqual(sink.mails, [])

    let looks = 0
    node.observe = async () => {
      looks += 1
      return { seen: [bad('disk')], complete: true }
    }
    await node.start(ways)
    await until(() => sink.mails.length === 1 && looks > 5)

    assert.deepEqual([sink.mails.length, receiver.received.length], [1, 1])
    const [mail = assert.fail()] = sink.mails
    assert.equal(headerOf(mail, 'message-id'), `<${String(receiver.received[0]?.headers['webhook-id'])}@tinh.example>`)
  })

  it('take a node that does not answer for itself as an alert, and as no news of the rest', async (t) => {
    const [receiver, node] = [await openReceiver(t), await scene(t)]
    node.observe = async () => ({ seen: [bad('disk')], complete: true })
    await node.start(webhookTo(receiver.url))
    await until(() => receiver.received.length === 1)
    node.observe = async () => {
      throw Object.assign(new Error('x'), { code: 'STORE_FAILED' })
    }
    await until(() => readFileSync(join(node.dataDir, 'alerts.json'), 'utf8').includes('"node"'))
    node.now += 600_000
    await until(() => receiver.received.length === 2)
    assert.deepEqual(
      (receiver.received[1] ?? assert.fail()).json.data.alerts.map(({ kind, text }: Record<string, string>) => [
        kind,
        text,
      ]),
      [['node', 'The node cannot say how it does (STORE_FAILED)']],
    )
  })

  it('tell from memory what a full disk does not keep', async (t) => {
    const [receiver, node] = [await openReceiver(t), await scene(t)]
    // A folder in the place of the file: nothing can be written there.
    mkdirSync(join(node.dataDir, 'alerts.json.next'))
    node.observe = async () => ({ seen: [bad('disk')], complete: true })
    const alerts = await node.start(webhookTo(receiver.url))
    await until(() => receiver.received.length === 1)
    assert.equal(node.logged.filter((line) => line.includes('cannot be written')).length, 1)
    rmSync(join(node.dataDir, 'alerts.json.next'), { recursive: true })
    await alerts.close()
    assert.match(readFileSync(join(node.dataDir, 'alerts.json'), 'utf8'), /"raised"/)
  })

  it('begin anew when their file cannot be read, and say so', async (t) => {
    const [receiver, node] = [await openReceiver(t), await scene(t)]
    writeFileSync(join(node.dataDir, 'alerts.json'), '{"version":1,"cond')
    node.observe = async () => ({ seen: [bad('disk')], complete: true })
    await node.start(webhookTo(receiver.url))
    await until(() => receiver.received.length === 1)
    assert.match(node.logged[0] ?? '', /^warn alerts.json cannot be read/)
  })

  it('are tried by a message on each way, with what went wrong', async (t) => {
    const [sink, receiver] = [await openMailSink(t), await openReceiver(t)]
    const ways = { ...mailTo(sink.port), ...webhookTo(receiver.url) }

    const good = await testAlerts(ways, { node: 'H29', language: 'vi' })
    sink.refuse = () => ({ code: 554, text: 'spam' })
    const [mail, webhook] = await testAlerts(ways, { node: 'H29', language: 'vi' })

    assert.deepEqual(
      good.map(({ way, told }) => [way, told]),
      [
        ['mail', true],
        ['webhook', true],
      ],
    )
    assert.equal(headerOf(sink.mails[0] ?? assert.fail(), 'subject'), 'Liên Thông H29: thư thử')
    assert.deepEqual(receiver.received[0]?.json.data, { node: 'H29', test: true, alerts: [], more: 0 })
    assert.match(mail?.error ?? '', /spam/)
    assert.equal(webhook?.told, true)
  })
})
