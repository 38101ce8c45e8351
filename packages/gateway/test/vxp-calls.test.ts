/** VXP over HTTP against a node of which only some doors are there; the whole is in the conformance suite. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { type ErrorCode, errorCodes, RelayError, type TransportState } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'
import { type GatewayNode, type GatewayOptions, openGateway } from '../src/index.ts'
import { buildApp, settingsOf } from '../src/open-gateway.ts'
import { docIdOf, readDocId } from '../src/vxp/doc-id.ts'
import { plain, refusal, vxpCodeOf, vxpCodes } from '../src/vxp/envelope.ts'
import { vxpOperations, vxpRoutes } from '../src/vxp/vxp-routes.ts'
import { nodeDouble } from './node-double.ts'

const secret = 'demo-secret'
/** The item that its sender took back. */
const withdrawn = 7

function itemOf(id: number, organ: string, state: TransportState = 'initial'): MailItem {
  return {
    id,
    uid: id.toString(16).padStart(64, '0'),
    generation: 1,
    kind: 'document',
    organ,
    addressed: organ,
    from: 'G22',
    documentId: `${id}`,
    headline: { subject: null, number: null, date: null },
    payload: { sha256: 'a'.repeat(64), size: 3 },
    deliveredAt: 1_000 * id,
    collectedAt: state === 'done' ? 9_000 : null,
    path: [],
    state,
    stateReason: null,
    leasedUntil: null,
  }
}

/** A node whose two systems share nothing: `dms` speaks for H29 and H29.02, `other` for H29.03. */
function nodeWith(items: readonly MailItem[], parts: Partial<GatewayNode> = {}): GatewayNode {
  const organisations: Record<string, readonly string[]> = { dms: ['H29', 'H29.02'], other: ['H29.03'] }
  const acknowledged: number[] = []
  return nodeDouble({
    systems: {
      secretsOf: (id: string) => (id in organisations ? [secret] : []),
      get: (id: string) => ({ id, organisations: organisations[id] ?? [], scopes: ['send', 'receive'] }),
      actingAs: (id: string, code: string) => {
        if (organisations[id]?.includes(code) === true) return code
        throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: code } })
      },
    } as unknown as GatewayNode['systems'],
    mailbox: {
      list: async (as: string, { after = 0, limit = 100, all = false }) =>
        items
          .filter((item) => item.organ === as && item.id > after && (all || item.collectedAt === null))
          .slice(0, limit),
      acknowledge: async (_as: string, id: number) => acknowledged.push(id),
      count: async (as: string) => items.filter((item) => item.organ === as).length,
      read: async (as: string, id: number) => {
        if (id === withdrawn) throw new RelayError('DOCUMENT_RECALLED', { detail: { id } })
        const item = items.find((each) => each.organ === as && each.id === id)
        if (item === undefined) throw new RelayError('NOT_FOUND')
        return { item }
      },
    } as unknown as GatewayNode['mailbox'],
    ...parts,
  })
}

interface Said {
  readonly http: IncomingMessage
  readonly said: Record<string, unknown> & { readonly data: readonly Record<string, unknown>[] }
}

type Call = (
  operation: string,
  fields?: Readonly<Record<string, string>>,
  by?: { readonly system?: string; readonly key?: string; readonly method?: string },
) => Promise<Said>

async function open(t: TestContext, node: GatewayNode, options: Partial<GatewayOptions> = {}): Promise<Call> {
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 }, ...options })
  t.after(() => gateway.close({ timeoutMs: 0 }))
  return async (operation, fields = {}, { system = 'dms', key = secret, method = 'POST' } = {}) => {
    const all = { systemid: system, timestamp: '01012020T000000+0001', ...fields }
    const members = Object.entries(all).map(([name, value]) => [`XroadVnpt-${name}`, value] as const)
    const text = JSON.stringify(Object.fromEntries(members))
    const hash = createHmac('sha256', key).update(text).digest('hex')
    // A flat list, so that two spellings of a name stay two headers.
    const headers = [...members.flat(), 'XroadVnpt-sign-header', text, 'XroadVnpt-hash-header', hash, 'host', 'x']
    const sent = request(`${gateway.url}/${operation}`, { method, agent: false, headers: headers as never })
    sent.end()
    const [http] = (await once(sent, 'response')) as [IncomingMessage]
    return { http, said: JSON.parse((await buffer(http)).toString('utf8')) as Said['said'] }
  }
}

describe('VXP', () => {
  it('says of a sent document who got it in the place of a code that has closed', async (t) => {
    const closed = [{ code: 'H30', validTo: '2025-06-30', successors: ['H13'] }]
    const state = { generation: 1, state: 'delivered', deliveredAt: 0, code: null, recall: null, item: null }
    const recipient = { organ: 'H13', ...state, closed }
    const sent = {
      uid: 'a'.repeat(64),
      from: 'H29',
      kind: 'document',
      headline: {},
      recipients: [recipient],
      acceptedAt: 0,
    }
    const list = async (as: string) => (as === 'H29' ? [sent] : [])
    const call = await open(t, nodeWith([], { sent: { list } as unknown as GatewayNode['sent'] }))
    const [row] = (await call('getSentEdocList', { messageType: 'edoc' }, { method: 'POST' })).said.data
    assert.deepEqual([row?.['toCode'], row?.['receiveStatus']], ['H13', 'initial'])
    assert.match(String(row?.['receiveStatusDesc']), /H30.*2025-06-30.*H13/)
  })

  it('lists all mailboxes of a system, oldest first, what failed last, and never another one', async (t) => {
    const items = [
      itemOf(1, 'H29', 'fail'),
      itemOf(2, 'H29.02'),
      itemOf(3, 'H29.03'),
      itemOf(4, 'H29'),
      itemOf(5, 'H29.02', 'processing'),
      itemOf(6, 'H29', 'done'),
    ]
    const call = await open(t, nodeWith(items))
    const { said } = await call('getReceivedEdocList')
    const listed = said.data.map(({ docId }) => readDocId(String(docId))?.id)
    assert.deepEqual(listed, [2, 4, 5, 1])
    assert.equal((await call('getReceivedEdocList', {}, { system: 'other' })).said.data.length, 1)
  })

  it('reads long mailboxes to their end, and at most 1,000 rows', async (t) => {
    const items = Array.from({ length: 1_203 }, (_, at) => itemOf(at + 1, at % 3 === 0 ? 'H29' : 'H29.02'))
    const call = await open(t, nodeWith(items))
    const { said } = await call('getReceivedEdocList')
    assert.deepEqual(
      said.data.map(({ docId }) => readDocId(String(docId))?.id),
      items.slice(0, 1_000).map(({ id }) => id),
    )
  })

  it('takes of two spellings of docId the item that still waits, and neither when both do', async (t) => {
    const [done, waiting, another] = [itemOf(1, 'H29', 'done'), itemOf(2, 'H29.02'), itemOf(3, 'H29')]
    const acknowledged: number[] = []
    const node = nodeWith([done, waiting, another])
    const mailbox = { ...node.mailbox, acknowledge: async (_as: string, id: number) => acknowledged.push(id) }
    const call = await open(t, { ...node, mailbox: mailbox as unknown as GatewayNode['mailbox'] })
    const update = async (a: MailItem, b: MailItem) =>
      (await call('updateStatus', { docId: docIdOf(a), docid: docIdOf(b), status: 'done' })).said

    assert.equal((await update(done, waiting))['ErrorCode'], '0')
    assert.equal((await update(waiting, done))['ErrorCode'], '0')
    assert.match(String((await update(waiting, another))['ErrorDesc']), /FIELD_INVALID/)
    assert.match(String((await update(done, itemOf(9, 'H29.03')))['ErrorDesc']), /FIELD_INVALID/)
    assert.equal((await update(waiting, itemOf(withdrawn, 'H29')))['ErrorCode'], '0')
    assert.match(String((await update(itemOf(withdrawn, 'H29'), done))['ErrorDesc']), /DOCUMENT_RECALLED/)
    assert.deepEqual(acknowledged, [2, 2, 2])
  })

  it('counts for all organisations of the system', async (t) => {
    const call = await open(t, nodeWith([itemOf(1, 'H29'), itemOf(2, 'H29.02'), itemOf(3, 'H29.03')]))
    assert.equal((await call('countReceiveEdoc')).said['count'], 2)
  })

  it('answers a wrong secret and an unknown system alike, and stops listening to whoever keeps guessing', async (t) => {
    let time = 0
    const call = await open(t, nodeWith([]), { now: () => time })
    const wrong = await call('countReceiveEdoc', {}, { key: 'guess' })
    const unknown = await call('countReceiveEdoc', {}, { system: 'nobody' })
    assert.deepEqual(wrong.said, unknown.said)
    assert.equal(wrong.said['ErrorCode'], '15')
    for (let guess = 0; guess < 29; guess += 1) await call('countReceiveEdoc', {}, { key: `guess ${guess}` })

    const guessed = await call('countReceiveEdoc')
    assert.equal(guessed.http.statusCode, 429)
    assert.ok(Number(guessed.http.headers['retry-after']) > 0)
    assert.deepEqual([guessed.said['status'], guessed.said['ErrorCode']], ['FAIL', '20'])
    assert.equal((await call('countReceiveEdoc', {}, { system: 'other' })).said['status'], 'OK')
    time += 60_000
    assert.equal((await call('countReceiveEdoc')).said['status'], 'OK')
  })

  it('limits the calls of each system', async (t) => {
    const call = await open(t, nodeWith([]), { now: () => 0, vxp: { ratePerMinute: 2 } })
    await call('countReceiveEdoc')
    await call('countReceiveEdoc')
    assert.equal((await call('countReceiveEdoc')).http.statusCode, 429)
    assert.equal((await call('countReceiveEdoc', {}, { system: 'other' })).http.statusCode, 200)
  })

  it('says that later is better with 503, and hides what it did not expect', async (t) => {
    const logged: string[] = []
    const node = nodeWith([])
    let failure: Error = new RelayError('DISK_FULL')
    const mailbox = { ...node.mailbox, count: () => Promise.reject(failure) } as unknown as GatewayNode['mailbox']
    const call = await open(t, { ...node, mailbox }, { log: (level, message) => logged.push(`${level} ${message}`) })
    const full = await call('countReceiveEdoc')
    assert.equal(full.http.statusCode, 503)
    assert.ok(Number(full.http.headers['retry-after']) > 0)
    assert.deepEqual([full.said['status'], full.said['ErrorCode']], ['FAIL', '20'])
    failure = new Error('a secret of the house')
    const odd = await call('countReceiveEdoc')
    assert.equal(odd.http.statusCode, 500)
    assert.doesNotMatch(JSON.stringify(odd.said), /secret/)
    assert.deepEqual(logged, ['error unexpected failure'])
  })
})

describe('VXP over plain HTTP', () => {
  it('is for this machine and the networks named, and refused in its own envelope', async (t) => {
    const warned: string[] = []
    const app = buildApp(
      settingsOf({
        node: nodeWith([]),
        listen: { host: '127.0.0.1', port: 0 },
        vxp: { plainHttpFrom: ['203.0.113.0/24', '2001:db8::/32'] },
        log: (level, message) => warned.push(`${level} ${message}`),
      }),
    )
    t.after(() => app.close())
    await app.register(async (scope) => vxpRoutes(scope))
    const from = async (remoteAddress: string) =>
      (await app.inject({ method: 'POST', url: '/countReceiveEdoc', remoteAddress })).json<{ ErrorDesc: string }>()

    assert.match((await from('198.51.100.1')).ErrorDesc, /PLAIN_HTTP_REFUSED/)
    assert.equal(warned.length, 0)
    for (const named of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '127.0.0.1']) {
      assert.match((await from(named)).ErrorDesc, /ACCESS_DENIED/, named)
    }
    assert.equal(warned.length, 3)
    assert.match(warned[0] ?? '', /^warn plain HTTP/)
  })
})

describe('docId', () => {
  it('names its item and organisation, and is 24 hex digits up to any number', () => {
    for (const id of [1, 4_096, 2 ** 44 - 1]) {
      const docId = docIdOf(itemOf(id, 'H29'))
      assert.match(docId, /^[0-9a-f]{24}$/)
      assert.equal(readDocId(docId.toUpperCase())?.id, id)
      assert.equal(readDocId(docId)?.mayBeFor('H29'), true)
      assert.equal(readDocId(docId)?.mayBeFor('H29.02'), false)
    }
    for (const docId of ['', '1', 'g'.repeat(24), '1'.repeat(25)]) assert.equal(readDocId(docId), null)
  })
})

describe('error codes of VXP', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[]

  it('are known in the field, for every code of the project, with a sentence in ASCII', () => {
    for (const code of codes) {
      const { ErrorCode, ErrorDesc, status } = refusal(new RelayError(code, { detail: { organ: 'H29' } }))
      assert.ok(ErrorCode in vxpCodes && ErrorCode !== '0', code)
      assert.equal(status, 'FAIL')
      assert.match(ErrorDesc, /^[ -~]+$/)
      assert.doesNotMatch(ErrorDesc, /\?/)
      assert.ok(ErrorDesc.endsWith(` [${code}]`))
    }
    assert.equal(plain('Đơn vị gửi “Sở” – ỡ'), 'Don vi gui "So" - o')
  })

  it('stand in the documentation with the operations', () => {
    const page = readFileSync(new URL('../../docs/connect-vxp.md', import.meta.url), 'utf8')
    const rows = (heading: string) => {
      const section = page.slice(page.indexOf(heading)).split('\n#', 1)[0] ?? ''
      return [...section.matchAll(/^\| `([^`]+)` *\| *(.*?) *\|$/gm)].map(([, name, text]) => [name, text] as const)
    }
    const written = Object.entries(vxpCodes).map(([code, meaning]) => {
      const named = codes.filter((each) => vxpCodeOf[each] === code).map((each) => `\`${each}\``)
      return [code, `${meaning} | ${named.join(', ')}`.trim()]
    })
    assert.deepEqual(
      rows('### Error codes of VXP').map(([code, text]) => [code, text?.trim()]),
      written,
    )
    assert.deepEqual(
      rows('### Operations of VXP').map(([name]) => name),
      Object.keys(vxpOperations),
    )
  })
})
