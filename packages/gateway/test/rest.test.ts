/** REST over real HTTP against a real node and store. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { describe, it } from 'node:test'
import type { Call } from './caller.ts'
import { packet, type RealNode, until } from './real-node.ts'
import { type RestNode, withRestNode } from './rest-node.ts'

describe('REST', () => {
  let real: RealNode
  let call: Call
  let both = ''
  let first = ''
  let second = ''
  let waiting: RestNode['waiting']
  let number = 0

  withRestNode((rest) => {
    ;({ real, call, both, first, second, waiting } = rest)
  })

  const submit = async (to: readonly string[] = ['H29.02'], query = '') => {
    number += 1
    const bytes = await packet(`${number}/UBND-VP`, 'H29', to)
    return {
      bytes,
      answer: await call('POST', `/v1/documents?as=H29${query}`, { key: both, body: new Uint8Array(bytes) }),
    }
  }

  it('takes a document, hands it out, and tells the sender what became of it', async () => {
    const { bytes, answer } = await submit()
    assert.equal(answer.status, 201)
    const { uid, recipients } = answer.json
    assert.deepEqual(recipients, [{ organ: 'H29.02', outcome: 'new' }])
    assert.equal(answer.headers.get('location'), `/v1/documents/${uid}`)

    const item = await waiting(uid)
    const got = await call('GET', `/v1/mailbox/${item.id}/packet`, { key: first })
    assert.ok(got.bytes.equals(bytes))
    assert.equal(got.headers.get('etag'), `"${createHash('sha256').update(bytes).digest('hex')}"`)
    assert.equal(got.headers.get('content-length'), String(bytes.length))

    const taken = await call('POST', `/v1/mailbox/${item.id}/acknowledge`, { key: first })
    assert.equal(taken.json.state, 'done')
    assert.equal((await call('POST', `/v1/mailbox/${item.id}/acknowledge`, { key: first })).status, 200)

    const tracked = await until(async () => {
      const { json } = await call('GET', `/v1/documents/${uid}?as=H29`, { key: both })
      return json.recipients[0].state === 'collected' && json
    })
    assert.equal(tracked.settled, true)
    assert.equal(tracked.number, `${number}/UBND-VP`)
    const { json: changes } = await call('GET', '/v1/changes?as=H29&after=0&limit=1000', { key: both })
    const ours = changes.changes.filter((change: { uid: string }) => change.uid === uid)
    assert.deepEqual(
      ours.map((change: { type: string }) => change.type),
      ['delivered', 'collected'],
    )
  })

  it('takes the same packet again as the same document, and more recipients beside', async () => {
    const { bytes, answer } = await submit()
    const again = await call('POST', '/v1/documents?as=H29', { key: both, body: new Uint8Array(bytes) })
    assert.equal(again.status, 200)
    assert.deepEqual(again.json, { ...answer.json, recipients: [{ organ: 'H29.02', outcome: 'already' }] })
    const odd = Buffer.from(
      String(bytes).replace('<edXML:Subject>', '<edXML:Unheard>x</edXML:Unheard>$&').replace(/>H29,/, '>H29;'),
    )
    const { json } = await call('POST', '/v1/documents?as=H29', { key: both, body: new Uint8Array(odd) })
    const warning = json.warnings.find((each: { code: string }) => each.code === 'ELEMENT_UNKNOWN')
    assert.match(warning.text, /Unheard/)
    const more = await call('POST', '/v1/documents?as=H29&to=H29.02&to=H29.03', {
      key: both,
      body: new Uint8Array(bytes),
    })
    assert.equal(more.status, 201)
    assert.deepEqual(more.json.recipients, [
      { organ: 'H29.02', outcome: 'already' },
      { organ: 'H29.03', outcome: 'new' },
    ])
  })

  it('says of a code that has closed who got the document in its place', async () => {
    const { uid } = (await submit(['H29.04'])).answer.json
    await waiting(uid, second, 'H29.03')
    const { recipients } = (await call('GET', `/v1/documents/${uid}?as=H29`, { key: both })).json
    assert.deepEqual(
      recipients.map(({ organ, closed }: { organ: string; closed: unknown }) => [organ, closed]),
      [['H29.03', [{ code: 'H29.04', validTo: '2025-06-30', successors: ['H29.03'] }]]],
    )
  })

  it('finds sent documents by number, by id, and page by page', async () => {
    const { answer } = await submit()
    const { uid } = answer.json
    const uids = async (query: string) =>
      (await call('GET', `/v1/documents?as=H29&${query}`, { key: both })).json.documents.map(
        (each: { uid: string }) => each.uid,
      )
    assert.deepEqual(await uids(`number=${number}/UBND-VP`), [uid])
    assert.deepEqual(await uids(`documentId=H29,2025/07/01,${number}/UBND-VP`), [uid])
    const [newest] = await uids('limit=1')
    assert.equal(newest, uid)
    assert.deepEqual(await uids(`since=${new Date(Date.now() + 60_000).toISOString()}`), [])
    assert.ok((await uids('after=0&limit=500')).length >= 3)
  })

  it('answers ranges, conditions and HEAD', async () => {
    const { bytes, answer } = await submit()
    const { id, sha256 } = await waiting(answer.json.uid)
    const get = (headers: Record<string, string>, method = 'GET') =>
      call(method, `/v1/mailbox/${id}/packet`, { key: first, headers })
    for (const [range, start, end] of [
      ['bytes=10-19', 10, 20],
      ['bytes=100-', 100, bytes.length],
      ['bytes=-7', bytes.length - 7, bytes.length],
      ['bytes=5-99999999', 5, bytes.length],
    ] as const) {
      const part = await get({ range })
      assert.equal(part.status, 206)
      assert.equal(part.headers.get('content-range'), `bytes ${start}-${end - 1}/${bytes.length}`)
      assert.ok(part.bytes.equals(bytes.subarray(start, end)), range)
    }
    for (const range of ['bytes=9-3', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-']) {
      assert.equal((await get({ range })).status, 200, range)
    }
    const beyond = await get({ range: `bytes=${bytes.length}-` })
    assert.deepEqual([beyond.status, beyond.json.code], [416, 'RANGE_INVALID'])
    assert.equal(beyond.headers.get('content-range'), `bytes */${bytes.length}`)
    assert.equal((await get({ range: 'bytes=1-2', 'if-range': '"other"' })).status, 200)
    assert.equal((await get({ range: 'bytes=1-2', 'if-range': `"${sha256}"` })).status, 206)
    assert.equal((await get({ 'if-none-match': `"${sha256}"` })).status, 304)
    const head = await get({}, 'HEAD')
    assert.deepEqual(
      [head.status, head.headers.get('content-length'), head.bytes.length],
      [200, String(bytes.length), 0],
    )
  })

  it('shares a mailbox out by leases', async () => {
    const { answer } = await submit(['H29.03'])
    await waiting(answer.json.uid, second, 'H29.03')
    const leased = await call('POST', '/v1/mailbox/leases', { key: second, json: { limit: 100, leaseSeconds: 60 } })
    const [mine] = leased.json.items.slice(-1)
    assert.equal(mine.uid, answer.json.uid)
    assert.deepEqual((await call('POST', '/v1/mailbox/leases', { key: second })).json.items, [])

    const path = `/v1/mailbox/${mine.id}`
    assert.equal((await call('POST', `${path}/renew`, { key: second, json: { lease: mine.lease } })).status, 200)
    const back = await call('POST', `${path}/release`, {
      key: second,
      json: { lease: mine.lease, reason: 'ổ đĩa đầy' },
    })
    assert.deepEqual([back.json.state, back.json.stateReason], ['fail', 'ổ đĩa đầy'])
    const [again] = (await call('POST', '/v1/mailbox/leases', { key: second, json: {} })).json.items
    assert.equal(again.id, mine.id)
    const late = await call('POST', `${path}/acknowledge`, { key: second, json: { lease: mine.lease } })
    assert.deepEqual([late.status, late.json.code], [409, 'LEASE_LOST'])
    assert.equal((await call('POST', `${path}/acknowledge`, { key: second, json: { lease: again.lease } })).status, 200)
  })

  it('goes on with an upload where the line broke', async () => {
    number += 1
    const bytes = await packet(`${number}/UBND-VP`, 'H29', ['H29.02'], 300_000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const open = () => call('POST', '/v1/uploads', { key: both, json: { sha256, size: bytes.length } })
    const { json: upload, headers } = await open()
    assert.equal(headers.get('upload-offset'), '0')
    const append = (offset: number, piece: Buffer) =>
      call('PATCH', `/v1/uploads/${upload.id}`, {
        key: both,
        body: new Uint8Array(piece),
        headers: { 'upload-offset': String(offset), 'content-type': 'application/octet-stream' },
      })

    assert.equal((await append(0, bytes.subarray(0, 100_000))).json.offset, 100_000)
    await breakOff(`/v1/uploads/${upload.id}`, both, bytes.subarray(100_000, 200_000))
    const { json: later } = await open()
    assert.equal(later.id, upload.id)
    assert.ok(later.offset >= 100_000)
    const early = await call('POST', `/v1/documents?as=H29&upload=${upload.id}`, { key: both })
    assert.deepEqual([early.status, early.json.code], [409, 'UPLOAD_OFFSET'])
    const wrong = await append(7, bytes.subarray(7))
    assert.deepEqual([wrong.status, wrong.json.code], [409, 'UPLOAD_OFFSET'])
    // The broken piece may still be on its way to the disk.
    await until(async () => {
      const { offset } = (await call('GET', `/v1/uploads/${upload.id}`, { key: both })).json
      if (offset === bytes.length) return true
      const answer = await append(offset, bytes.subarray(offset))
      return answer.status === 200 && answer.json.offset === bytes.length
    })

    const done = await call('POST', `/v1/documents?as=H29&upload=${upload.id}`, { key: both })
    assert.equal(done.status, 201)
    const { id } = await waiting(done.json.uid)
    assert.ok((await call('GET', `/v1/mailbox/${id}/packet`, { key: first })).bytes.equals(bytes))
    assert.equal((await call('GET', `/v1/uploads/${upload.id}`, { key: second })).status, 404)
    assert.equal((await call('DELETE', `/v1/uploads/${upload.id}`, { key: both })).status, 204)
  })

  it('says how far a document has come, in packets it writes itself', async () => {
    const { answer } = await submit()
    const { uid } = answer.json
    const { id } = await waiting(uid)
    const json = { code: 3, description: 'Đã tiếp nhận', staff: { name: 'Văn thư' }, at: '2026-01-02T03:04:05Z' }
    const said = await call('POST', `/v1/mailbox/${id}/statuses`, { key: first, json })
    assert.equal(said.status, 201)
    assert.deepEqual(said.json.recipients, [{ organ: 'H29', outcome: 'new' }])
    const repeated = await call('POST', `/v1/mailbox/${id}/statuses`, { key: first, json })
    assert.deepEqual([repeated.status, repeated.json.uid], [200, said.json.uid])

    const status = await waiting(said.json.uid, both, 'H29')
    assert.equal(status.kind, 'status')
    const xml = (await call('GET', `/v1/mailbox/${status.id}/packet?as=H29`, { key: both })).bytes.toString('utf8')
    assert.match(xml, /Đã tiếp nhận/)
    assert.match(xml, /Văn thư/)
    const { json: tracked } = await call('GET', `/v1/documents/${uid}?as=H29`, { key: both })
    assert.equal(tracked.recipients[0].statusCode, 3)
    for (const code of [13, 7, 0]) {
      assert.equal((await call('POST', `/v1/mailbox/${id}/statuses`, { key: first, json: { code } })).status, 400)
    }
  })

  it('asks recipients to give a document back', async () => {
    const { answer } = await submit(['H29.02', 'H29.03'])
    const { id } = await waiting(answer.json.uid, second, 'H29.03')
    await call('POST', `/v1/mailbox/${id}/acknowledge`, { key: second })
    const path = `/v1/documents/${answer.json.uid}/take-back?as=H29`
    const json = { description: 'Gửi nhầm nơi nhận', at: '2026-01-02T03:04:05Z' }
    const asked = await call('POST', path, { key: both, json })
    assert.equal(asked.status, 201)
    assert.deepEqual(
      asked.json.packets.map((each: { organ: string }) => each.organ),
      ['H29.02', 'H29.03'],
    )
    assert.equal((await call('POST', path, { key: both, json })).status, 200)
    const item = await waiting(asked.json.packets[1].uid, second, 'H29.03')
    assert.equal(item.kind, 'status')
    const stranger = await call('POST', path, { key: both, json: { ...json, to: ['H29'] } })
    assert.equal(stranger.status, 404)
  })

  it('keeps organisations apart', async () => {
    const { answer } = await submit()
    const { id } = await waiting(answer.json.uid)
    for (const [method, path] of [
      ['GET', `/v1/mailbox/${id}`],
      ['GET', `/v1/mailbox/${id}/packet`],
      ['POST', `/v1/mailbox/${id}/acknowledge`],
      ['POST', `/v1/mailbox/${id}/statuses`],
      ['GET', `/v1/documents/${answer.json.uid}`],
      ['POST', `/v1/documents/${answer.json.uid}/take-back`],
    ] as const) {
      const json = method === 'GET' ? {} : { json: path.endsWith('acknowledge') ? {} : { code: 3, description: 'x' } }
      const body = path.endsWith('take-back') ? { json: { description: 'x' } } : json
      const other = await call(method, path, { key: second, ...body })
      assert.deepEqual([other.status, other.json.code], [404, 'NOT_FOUND'], path)
      const neighbour = await call(method, `${path}?as=H29.02`, { key: second, ...body })
      assert.deepEqual([neighbour.status, neighbour.json.code], [403, 'SENDER_NOT_ALLOWED'], path)
      const nobody = await call(method, path, body)
      assert.deepEqual([nobody.status, nobody.json.code], [401, 'ACCESS_DENIED'], path)
      assert.equal(nobody.headers.get('www-authenticate'), 'Bearer')
    }
    const which = await call('GET', '/v1/mailbox', { key: both })
    assert.deepEqual([which.status, which.json.code], [400, 'ORGAN_REQUIRED'])
    const wrong = await call('GET', '/v1/mailbox?as=H29', { key: `${both.slice(0, -1)}${both.endsWith('0') ? 1 : 0}` })
    assert.equal(wrong.status, 401)
  })

  it('lets a system do only what it may', async () => {
    const reader = await real.keyOf('reader', ['H29.02'], ['receive'])
    const sender = await real.keyOf('sender', ['H29.02'], ['send'])
    const body = new Uint8Array(await packet('1/SNV-VP', 'H29.02', ['H29']))
    for (const [key, method, path, more] of [
      [reader, 'POST', '/v1/documents', { body }],
      [reader, 'GET', '/v1/documents', {}],
      [reader, 'POST', '/v1/uploads', { json: { size: 10 } }],
      [reader, 'POST', '/v1/mailbox/1/statuses', { json: { code: 3 } }],
      [sender, 'GET', '/v1/mailbox', {}],
      [sender, 'POST', '/v1/mailbox/leases', {}],
      [sender, 'POST', '/v1/mailbox/1/statuses', { json: { code: 3 } }],
    ] as const) {
      const { status, json } = await call(method, path, { key, ...more })
      assert.deepEqual([status, json.code], [403, 'SCOPE_MISSING'], `${method} ${path}`)
    }
    const { json: me } = await call('GET', '/v1/me', { key: sender })
    assert.deepEqual(me, {
      id: 'sender',
      name: 'sender',
      node: 'H29',
      organisations: [{ id: 'H29.02', name: 'Sở Nội vụ' }],
      scopes: ['send'],
    })
  })

  it('shows the directory page by page, and whether it has changed', async () => {
    const get = async (query: string) => (await call('GET', `/v1/organisations?${query}`, { key: first })).json
    const page = await get('limit=2')
    assert.deepEqual(
      page.organisations.map((each: { id: string }) => each.id),
      ['H29', 'H29.02'],
    )
    const rest = await get(`limit=2&after=${page.next}`)
    assert.deepEqual(
      rest.organisations.map((each: { id: string; open: boolean }) => [each.id, each.open]),
      [
        ['H29.03', true],
        ['H29.04', false],
      ],
    )
    assert.equal(rest.next, null)
    assert.deepEqual((await get('q=so+noi+VU')).organisations[0].id, 'H29.02')
    assert.deepEqual(await get(`since=${page.version}`), {
      version: page.version,
      changed: false,
      organisations: [],
      next: null,
    })
    const one = await call('GET', '/v1/organisations/000.00.00.h29', { key: first })
    assert.equal(one.json.id, 'H29')
    assert.equal((await call('GET', '/v1/organisations/H30', { key: first })).status, 404)
  })

  it('takes no parameter and no member it does not know', async () => {
    for (const [method, path, json] of [
      ['GET', '/v1/mailbox?afer=7', undefined],
      ['GET', '/v1/documents?as=H29.02&Limit=7', undefined],
      ['POST', '/v1/mailbox/leases', { leaseSecond: 7 }],
      ['POST', '/v1/uploads', { size: 7, SHA256: 'x' }],
    ] as const) {
      const answer = await call(method, path, { key: first, ...(json === undefined ? {} : { json }) })
      assert.deepEqual([answer.status, answer.json.code], [400, 'CALL_INVALID'], path)
    }
  })

  it('waits until something comes, and no longer', async () => {
    const { json: before } = await call('GET', '/v1/mailbox?limit=500', { key: second })
    const newest = before.items.at(-1)?.id ?? 0
    const waits = call('GET', `/v1/mailbox?after=${newest}&wait=30`, { key: second })
    const { json: end } = await call('GET', '/v1/changes?as=H29', { key: both })
    assert.deepEqual(end.changes, [])
    const changes = call('GET', `/v1/changes?as=H29&after=${end.last}&wait=30`, { key: both })
    const { answer } = await submit(['H29.03'])
    const { json: came } = await waits
    assert.deepEqual(
      came.items.map((item: { uid: string }) => item.uid),
      [answer.json.uid],
    )
    assert.equal((await changes).json.changes[0].type, 'delivered')
    assert.equal((await call('GET', '/v1/mailbox/count', { key: second })).json.waiting, before.items.length + 1)
    const started = Date.now()
    assert.deepEqual((await call('GET', `/v1/mailbox?after=999999&wait=1`, { key: second })).json.items, [])
    assert.ok(Date.now() - started >= 900)
  })

  it('keeps nothing of a body that breaks off', async () => {
    const bytes = await packet('99/UBND-VP', 'H29', ['H29.02'], 2_000_000)
    await breakOff('/v1/documents?as=H29', both, bytes.subarray(0, 1_500_000), 'POST')
    await until(async () => (staged(real.dir).length === 0 ? true : undefined))
    const { json } = await call('GET', '/v1/documents?as=H29&number=99/UBND-VP', { key: both })
    assert.deepEqual(json.documents, [])
  })

  /** Sends the beginning of a longer body and hangs up when the node has begun to read it. */
  function breakOff(path: string, key: string, bytes: Buffer, method = 'PATCH'): Promise<void> {
    const offset = method === 'PATCH' ? { 'upload-offset': '100000' } : {}
    return new Promise((resolve) => {
      const broken = httpRequest(`${real.gateway.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/octet-stream',
          'content-length': bytes.length * 2,
          ...offset,
        },
      })
      broken.on('error', () => undefined)
      broken.on('close', () => resolve())
      broken.write(bytes, () => broken.destroy())
    })
  }
})

function staged(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.parentPath.includes('incoming'))
    .map(({ name }) => name)
}
