/** The VXP interface on the wire: golden calls of both generations of the SDK, and software in another language. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lastFirst, waitFor } from '../../kit/index.ts'
import { filesBelow, largePacket, mebibyte, post, sendFields } from './calls.ts'
import { certificate, receiver, sender, startVxpNode, type VxpNode } from './node.ts'
import { exchange, goldenCalls, type WireAnswer, withoutTimes } from './wire.ts'

const client = fileURLToPath(new URL('../../../conformance/vxp/client.py', import.meta.url))
const packet = fileURLToPath(new URL('../../../conformance/vxp/packet.edxml', import.meta.url))

interface Report {
  readonly docIds: readonly string[]
  readonly listed: readonly Record<string, unknown>[]
  readonly identical: readonly boolean[]
  readonly acknowledged: readonly string[]
  readonly left: number
  readonly answered: { readonly status: string }
  readonly statuses: number
  readonly outcome: readonly Record<string, unknown>[]
}

describe('VXP on the wire', { timeout: 120_000 }, () => {
  const teardown = lastFirst({ after })
  let vxp: VxpNode
  before(async () => {
    vxp = await startVxpNode(teardown)
  })

  /** What only reads is asked until what was brought about before is there. */
  const readsOnly = /^\d+-list-/

  for (const { name, request, answer } of goldenCalls()) {
    it(`answers ${name}`, async () => {
      const ask = async () => seen(await exchange(vxp.gateway.url, request), answer)
      const wanted = answer
      const got = readsOnly.test(name)
        ? await waitFor(
            async () => {
              const now = await ask()
              return JSON.stringify(now) === JSON.stringify(wanted) ? now : null
            },
            { what: name },
          ).catch(ask)
        : await ask()

      assert.deepEqual(got, wanted)
    })
  }
})

describe('VXP with large packets', { timeout: 120_000 }, () => {
  const teardown = lastFirst({ after })
  let vxp: VxpNode
  before(async () => {
    vxp = await startVxpNode(teardown)
  })

  it('takes and gives back what is larger than any buffer on the way, as it was', async () => {
    const bytes = await largePacket(6 * mebibyte)
    const sent = await post(vxp.gateway.url, 'sendEdoc', { as: sender, body: bytes, fields: sendFields(bytes) })
    assert.equal(sent['status'], 'OK')
    const listed = await waitFor(
      async () => {
        const { data } = await post(vxp.gateway.url, 'getReceivedEdocList', { as: receiver })
        return (data as { docId: string }[])[0]
      },
      { what: 'the packet to be listed' },
    )
    const { data } = await post(vxp.gateway.url, 'getEdoc', { as: receiver, fields: { docId: listed.docId } })
    assert.ok(Buffer.from(String(data), 'base64').equals(bytes))
  })

  it('answers a refusal though the packet is still being sent', async () => {
    const body = Buffer.alloc(8 * mebibyte, 'no packet ')
    const { ErrorCode } = await post(vxp.gateway.url, 'sendEdoc', { as: sender, body, fields: sendFields(body) })
    assert.equal(ErrorCode, '22')
  })

  it('keeps nothing of a packet that breaks off', async () => {
    const bytes = await largePacket(2 * mebibyte)
    const half = bytes.subarray(0, bytes.length / 2)
    const files = () => filesBelow(vxp.dataDir).length
    const before = files()
    const options = { as: sender, body: half, announced: bytes.length, fields: sendFields(bytes) }
    await assert.rejects(post(vxp.gateway.url, 'sendEdoc', { ...options, breakOff: () => files() > before }))
    await waitFor(() => files() === before, { what: 'the half packet to go' })
  })
})

describe('VXP in another language', { timeout: 120_000 }, () => {
  const teardown = lastFirst({ after })

  for (const secure of [false, true]) {
    const over = secure ? 'HTTPS, with the authority of the node' : 'HTTP'
    it(`sends, lists, fetches, acknowledges, answers and learns the outcome over ${over}`, async () => {
      const tls = secure ? certificate() : null
      const { gateway } = await startVxpNode(teardown, tls)
      assert.equal(new URL(gateway.url).protocol, secure ? 'https:' : 'http:')
      await exchangedAt({ url: gateway.url, ...(tls === null ? {} : { ca: tls.cert }) })
    })
  }

  it('does not speak over HTTPS to a node of which it knows no authority', async () => {
    const { gateway } = await startVxpNode(teardown, certificate())
    const at = { url: gateway.url, ca: certificate().cert }
    const task = { sender: { ...at, ...sender }, receiver: { ...at, ...receiver }, packet, documentId: '' }
    const { code, errors } = await runClient(JSON.stringify(task))
    assert.notEqual(code, 0)
    assert.match(errors, /CERTIFICATE_VERIFY_FAILED/)
  })

  async function exchangedAt(at: { readonly url: string; readonly ca?: string }): Promise<void> {
    const documentId = /<edXML:DocumentId>([^<]+)</.exec(readFileSync(packet, 'utf8'))?.[1]
    const task = { sender: { ...at, ...sender }, receiver: { ...at, ...receiver }, packet, documentId }
    const { code, output, errors } = await runClient(JSON.stringify(task))
    assert.equal(code, 0, errors)
    const report = JSON.parse(output) as Report

    assert.equal(new Set(report.docIds).size, 1, 'four times sent, one document')
    const [{ docId, from, to, status, ...row } = {}, ...others] = report.listed
    assert.deepEqual(others, [])
    assert.match(String(docId), /^[0-9a-f]{24}$/)
    assert.deepEqual({ from, to, status }, { from: 'H29', to: 'H29.02', status: 'initial' })
    assert.equal(row['contentLength'], readFileSync(packet).length)
    assert.deepEqual(report.identical, [true, true, true])
    assert.deepEqual(report.acknowledged, ['OK', 'OK'])
    assert.equal(report.left, 0)
    assert.equal(report.answered.status, 'OK')
    assert.equal(report.statuses, 1)
    const [outcome = {}] = report.outcome
    assert.deepEqual(
      [outcome['senderDocId'], outcome['sendStatus'], outcome['receiveStatus']],
      [report.docIds[0], 'done', 'done'],
    )
    assert.equal(outcome['receiverDocId'], docId)
  }
})

function seen(got: WireAnswer, wanted: WireAnswer): WireAnswer {
  const headers = Object.fromEntries(Object.keys(wanted.headers).map((name) => [name, got.headers[name] ?? '']))
  return { status: got.status, headers, body: withoutTimes(got.body) }
}

async function runClient(
  task: string,
): Promise<{ readonly code: unknown; readonly output: string; readonly errors: string }> {
  const child = spawn('python3', [client])
  const [output, errors] = [text(child.stdout), text(child.stderr)]
  child.stdin.end(task)
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, output: await output, errors: await errors }
}
