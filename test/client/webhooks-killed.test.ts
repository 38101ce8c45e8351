/** The process of a node killed while it tells software what happens: all of it is told, and a repeat shows that it is one. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { verifyWebhook } from '@lienthong/client'
import { selfSigned } from '../kit/certificate.ts'
import { planFederation } from '../kit/federation.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'
import { freePort } from '../kit/ports.ts'
import { lastFirst, type Teardown } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'
import { waitFor } from '../kit/wait-for.ts'
import { first, noBroker, packet, province, tree } from './served-node.ts'

const documents = 6
/** Each arrives at one organisation, and another learns that it did. */
const happenings = 2 * documents
/** The node is killed when it tells the fourth, and the eighth, for the first time. */
const killedAt = [4, 8]
const deadlineMs = 90_000

interface Told {
  readonly id: string
  /** What is told, whatever the id. */
  readonly event: string
  readonly body: string
}

describe('webhooks of a node that is killed', { timeout: 280_000 }, () => {
  const teardown = lastFirst({ after })

  it('are all told, in order, each under one id however often it comes', async () => {
    const { planned, url, receiverTls } = await planNode(teardown)
    const node = await startNodeProcess(planned, teardown)
    const told: Told[] = []
    const secrets: string[] = []
    const failures: unknown[] = []
    const kills: Promise<void>[] = []
    let begin = () => {}
    /** Whoever kills the node waits until nobody needs it. */
    let ready: Promise<unknown> = new Promise<void>((resolve) => {
      begin = resolve
    })

    const known = () => new Set(told.map(({ event }) => event)).size
    function take(call: IncomingMessage, body: string, reply: ServerResponse): void {
      const before = known()
      const { id, event } = verifyWebhook({ headers: call.headers, body }, secrets)
      const { type, data } = event as { type: string; data: { uid: string } }
      told.push({ id, event: `${type} ${data.uid}`, body })
      // Told and not answered: the node cannot know that it was heard.
      if (known() > before && known() === killedAt[kills.length]) kills.push(ready.then(() => node.kill()))
      else reply.writeHead(204).end()
    }
    const receiver = await openReceiver(teardown, receiverTls, (call, body, reply) => {
      try {
        take(call, body, reply)
      } catch (error) {
        failures.push(error)
        reply.writeHead(400).end()
      }
    })

    const hooks = [
      await subscribe(node, { url, organ: first, event: 'document.arrived', receiver }),
      await subscribe(node, { url, organ: province, event: 'document.outcome', receiver }),
    ]
    secrets.push(...hooks.map(({ secret }) => secret))
    for (const { act } of hooks) await act('pause')
    const uids: string[] = []
    for (let number = 1; number <= documents; number += 1) {
      uids.push((await node.client.submit(await packet(`${number}/UBND-VP`), { as: province })).uid)
    }
    await waitFor(async () => (await node.client.list(first)).items.length === documents, {
      what: 'every arrival',
      deadlineMs,
    })
    for (const { act } of hooks) await act('resume')
    begin()

    for (const [place] of killedAt.entries()) {
      await waitFor(() => failures.length > 0 || kills.length > place, { what: `kill ${place + 1}`, deadlineMs })
      assert.deepEqual(failures, [])
      await kills[place]
      ready = node.start()
      await ready
    }
    await waitFor(() => failures.length > 0 || known() >= happenings, { what: 'the last happening', deadlineMs })

    assert.deepEqual(failures, [])
    assert.deepEqual([known(), kills.length], [happenings, killedAt.length])
    assert.ok(told.length >= happenings + killedAt.length, 'what was not answered came again')
    const ids = new Map(told.map(({ id, event, body }) => [id, `${event} ${body}`]))
    assert.equal(ids.size, happenings, 'one id for each')
    for (const { id, event, body } of told) assert.equal(ids.get(id), `${event} ${body}`)
    for (const type of ['document.arrived', 'document.outcome']) {
      const inOrder = [...new Set(told.map(({ event }) => event))].filter((event) => event.startsWith(type))
      assert.deepEqual(
        inOrder,
        uids.map((uid) => `${type} ${uid}`),
      )
    }
  })
})

/** A node with a gateway of its own, whose administrator lets webhooks go to this machine, to receivers with this certificate. */
async function planNode(teardown: Teardown) {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cert = selfSigned({ keys, addresses: ['127.0.0.1'] })
  const plan = planFederation({ dir: temporaryFolder(teardown), tree, brokerOf: () => noBroker })
  plan.writeFiles()
  const planned = plan.node(province)
  const { configFile } = planned
  writeFileSync(join(dirname(configFile), 'authority.pem'), cert)
  const listen = `127.0.0.1:${await freePort()}`
  const nodeFile = {
    ...(JSON.parse(readFileSync(configFile, 'utf8')) as object),
    http: { listen },
    webhooks: { allow: ['127.0.0.0/8'], ca: 'authority.pem' },
  }
  writeFileSync(configFile, JSON.stringify(nodeFile))
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { planned, url: `http://${listen}`, receiverTls: { cert, key } }
}

async function openReceiver(
  teardown: Teardown,
  tls: { readonly cert: string; readonly key: string },
  take: (call: IncomingMessage, body: string, reply: ServerResponse) => void,
): Promise<string> {
  const server = createServer(tls, (call, reply) => {
    let body = ''
    call.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    // A caller that is killed has nobody to answer.
    reply.on('error', () => undefined)
    call.on('error', () => undefined).on('end', () => take(call, body, reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  teardown.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function subscribe(
  node: NodeProcess,
  wish: { readonly url: string; readonly organ: string; readonly event: string; readonly receiver: string },
) {
  const request = { kind: 'apiKey', overlapMs: 0 } as const
  const { apiKey } = await node.client.systems.rotate(`dms.${wish.organ}`, request, 'test')
  const call = async <T>(path: string, body: object): Promise<T> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const response = await fetch(`${wish.url}/v1/webhooks${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const answer: unknown = await response.json()
    assert.ok(response.ok, JSON.stringify(answer))
    return answer as T
  }
  const { id, secret } = await call<{ id: string; secret: string }>('', { url: wish.receiver, events: [wish.event] })
  return { secret, act: (verb: 'pause' | 'resume') => call(`/${id}/${verb}`, {}) }
}
