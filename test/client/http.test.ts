/** The client against a real node with a real gateway, over HTTP. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Client, ReceivedItem } from '@lienthong/client'
import { lastFirst } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'
import { waitFor } from '../kit/wait-for.ts'
import { clientOf, first, packet, province, type ServedNode, second, serveNode } from './served-node.ts'

describe('a client over HTTP', { timeout: 120_000 }, () => {
  const teardown = lastFirst({ after })
  let node: ServedNode
  let sender: Client
  let recipient: Client
  let other: Client
  let dir = ''

  before(async () => {
    dir = temporaryFolder(teardown)
    node = await serveNode(teardown)
    sender = clientOf(teardown, node.optionsFor(province))
    recipient = clientOf(teardown, node.optionsFor(first))
    other = clientOf(teardown, node.optionsFor(second))
  })

  /** The next item of these clients, which must be this document. */
  async function next(client: Client, uid: string): Promise<ReceivedItem> {
    for await (const item of client.receive({ signal: AbortSignal.timeout(30_000) })) {
      assert.equal(item.uid, uid)
      return item
    }
    throw new Error('nothing came')
  }

  it('hands a document in once, however often, and gives it to its recipient byte for byte', async () => {
    const bytes = await packet('1/UBND-VP')
    const submitted = await sender.submit(bytes)
    assert.deepEqual(submitted.recipients, [{ organ: first, outcome: 'new' }])
    const again = await sender.submit(bytes)
    assert.equal(again.uid, submitted.uid)
    assert.deepEqual(again.recipients, [{ organ: first, outcome: 'already' }])

    const item = await next(recipient, submitted.uid)
    assert.equal(item.number, '1/UBND-VP')
    assert.equal((await item.header()).subject, 'Về việc thử nghiệm')
    await item.save(join(dir, 'in.edxml'))
    assert.ok(readFileSync(join(dir, 'in.edxml')).equals(bytes))
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.endsWith('.part')),
      [],
    )
    await item.ack()
    await item.ack()

    const outcomes = []
    for await (const { organ, state } of sender.track(submitted.uid, { until: 'collected' })) {
      outcomes.push([organ, state])
    }
    assert.deepEqual(outcomes.at(-1), [first, 'collected'])
    assert.equal((await sender.document(submitted.uid)).settled, true)
    assert.deepEqual(
      (await sender.find({ number: '1/UBND-VP' })).map(({ uid }) => uid),
      [submitted.uid],
    )
  })

  it('takes files and streams of any size, and keeps no copy of its own', async () => {
    const before = temporaries()
    const large = await packet('2/UBND-VP', { attachmentBytes: 9_000_000 })
    assert.ok(large.length > 8 * 1024 * 1024)
    writeFileSync(join(dir, 'out.edxml'), large)
    const { uid } = await sender.submit(join(dir, 'out.edxml'))
    async function* inPieces() {
      for (let at = 0; at < large.length; at += 100_000) yield large.subarray(at, at + 100_000)
    }
    assert.equal((await sender.submit(inPieces())).uid, uid)
    async function* small() {
      yield await packet('3/UBND-VP')
    }
    const smaller = await sender.submit(small(), { to: [second] })
    assert.deepEqual(smaller.recipients, [{ organ: second, outcome: 'new' }])
    assert.deepEqual(temporaries(), before)

    const item = await next(recipient, uid)
    const hash = createHash('sha256')
    for await (const chunk of item.open()) hash.update(chunk)
    assert.equal(hash.digest('hex'), createHash('sha256').update(large).digest('hex'))
    await item.ack()
    await (await next(other, smaller.uid)).ack()
  })

  it('raises no warning for many calls at once', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => void warnings.push(warning)
    process.on('warning', note)
    await Promise.all(Array.from({ length: 20 }, () => sender.find({ number: 'không có' })))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    assert.deepEqual(warnings, [])
  })

  it('waits for what comes, and gives what failed to whoever asks', async () => {
    const coming = next(recipient, (await sender.submit(await packet('4/UBND-VP'))).uid)
    const item = await coming
    await item.fail('cơ sở dữ liệu bận', { retryAfterMs: 0 })
    const again = await next(recipient, item.uid)
    assert.equal(again.state, 'fail')
    assert.equal(again.stateReason, 'cơ sở dữ liệu bận')
    await again.ack()

    const waiting = next(recipient, '')
    const late = sender.submit(await packet('5/UBND-VP'))
    await assert.rejects(waiting, { code: 'ERR_ASSERTION', actual: (await late).uid })
    await (await recipient.item(again.id + 1)).ack()
  })

  it('gives back at once what it leased and never handed out', async () => {
    const uids = new Set<string>()
    for (const number of ['6', '7', '8']) uids.add((await sender.submit(await packet(`${number}/UBND-VP`))).uid)
    await waitFor(async () => (await sender.find({ number: '8/UBND-VP' }))[0]?.settled, { what: 'delivery' })
    for await (const item of recipient.receive()) {
      uids.delete(item.uid)
      await item.ack()
      break
    }
    const worker = clientOf(teardown, node.optionsFor(first))
    for await (const item of worker.receive({ signal: AbortSignal.timeout(10_000) })) {
      uids.delete(item.uid)
      await item.ack()
      if (uids.size === 0) break
    }
    assert.equal(uids.size, 0)
  })

  it('says how far it has come, and takes back', async () => {
    const { uid } = await sender.submit(await packet('9/UBND-VP'))
    const item = await next(recipient, uid)
    await item.status.accepted({ description: 'đã vào sổ', staff: { department: 'Văn thư' } })
    await item.ack()
    const answer = await nextOf(sender, 'status')
    const header = await answer.header()
    assert.equal(header.statusCode, 3)
    assert.equal(header.description, 'đã vào sổ')
    await answer.ack()
    for await (const { statusCode } of sender.track(uid, { until: 'collected' })) {
      if (statusCode === 3) break
    }
    const [asked] = await sender.takeBack(uid, 'gửi nhầm')
    assert.equal(asked?.organ, first)
    const taken = await nextOf(recipient, 'status')
    assert.equal((await taken.header()).statusCode, 13)
    await taken.ack()
  })

  async function nextOf(client: Client, kind: 'document' | 'status'): Promise<ReceivedItem> {
    for await (const item of client.receive({ kind, signal: AbortSignal.timeout(30_000) })) return item
    throw new Error('nothing came')
  }

  it('finds whom to write to', async () => {
    const found = []
    for await (const { id, open } of sender.organisations.search('so tai')) found.push([id, open])
    assert.deepEqual(found, [[second, true]])
    assert.equal((await sender.organisations.get(first)).name, 'Sở Nội vụ')
    await assert.rejects(sender.organisations.get('K99'), { code: 'NOT_FOUND' })
    const all = await sender.organisations.all()
    assert.equal(all?.organisations.length, 3)
    assert.equal(await sender.organisations.all({ since: all?.version ?? '' }), null)
  })

  it('throws the node’s own codes, with its sentence, and does not try again what is refused', async () => {
    const troubles: string[] = []
    const options = {
      ...node.optionsFor(province),
      onTrouble: ({ code }: { code: string }) => void troubles.push(code),
    }
    const client = clientOf(teardown, options)
    await assert.rejects(
      client.submit(Buffer.from('Không phải edXML')),
      (error: { code?: string; detail?: object }) => {
        assert.equal(error.code, 'NOT_EDXML')
        assert.match(JSON.stringify(error.detail), /"text":"[^"]{10,}/)
        return true
      },
    )
    await assert.rejects(client.submit(await packet('10/UBND-VP', { to: ['K99'] })), { code: 'RECEIVER_UNKNOWN' })
    await assert.rejects(client.submit(join(dir, 'absent')), { code: 'FILE_UNREADABLE' })
    const stranger = clientOf(teardown, { ...options, apiKey: 'lt_x_1' })
    await assert.rejects(stranger.document('0'.repeat(64)), { code: 'ACCESS_DENIED' })
    assert.deepEqual(troubles, [])
  })

  it('breaks off by signal, and ends all that waits when it is closed', async () => {
    const client = clientOf(teardown, node.optionsFor(second))
    const signal = AbortSignal.abort(new Error('no longer wanted'))
    await assert.rejects(client.submit(await packet('11/UBND-VP'), { signal }), /no longer wanted/)
    const quiet = new AbortController()
    setTimeout(() => quiet.abort(), 100)
    for await (const item of client.receive({ signal: quiet.signal })) assert.fail(item.uid)
    const waiting = client.receive()[Symbol.asyncIterator]().next()
    const away = clientOf(teardown, { ...node.optionsFor(second), url: 'http://127.0.0.1:1' })
    const trying = away.document('0'.repeat(64))
    setTimeout(() => void Promise.all([client.close(), away.close()]), 100)
    await assert.rejects(waiting, { code: 'CLIENT_CLOSED' })
    await assert.rejects(trying, { code: 'CLIENT_CLOSED' })
    const once = clientOf(teardown, { ...node.optionsFor(second), url: 'http://127.0.0.1:1', retryForMs: 0 })
    await assert.rejects(once.document('0'.repeat(64)), { code: 'NODE_UNREACHABLE' })
  })
})

function temporaries(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => /^lienthong-[0-9a-f-]{36}\.edxml$/.test(name))
}
