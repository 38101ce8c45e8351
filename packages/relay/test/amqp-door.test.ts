import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import type { Delivery, OutMessage } from '@lienthong/link'
import type { SubmitRequest } from '../src/contract.ts'
import { createAmqpDoor } from '../src/submit-over-amqp.ts'
import { aNode } from './a-node.ts'

async function doorOf(t: TestContext) {
  const node = await aNode(t)
  const { systems } = await node.access()
  const submitted: SubmitRequest[] = []
  const settled = new EventEmitter()
  const answers: Record<string, unknown>[] = []
  const sender = {
    send: async ({ body }: OutMessage) => {
      answers.push(JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>)
      return 'confirmed' as const
    },
  }
  const submit = async (request: SubmitRequest) => {
    submitted.push(request)
    return { uid: 'u', recipients: [], warnings: [] }
  }
  const handle = createAmqpDoor(node.context, { sender: sender as never, systems, submit })
  return {
    ...node,
    systems,
    submitted,
    answers,
    async deliver(parts: Partial<Delivery>) {
      const done = once(settled, 'settled')
      const settle = () => settled.emit('settled')
      const usual = { routingKey: 'H29.1', body: Buffer.from('x'), headers: {}, replyTo: 'amq.rabbitmq.reply-to.x' }
      handle({ ...usual, ...parts, settle } as Delivery)
      await done
      return answers.at(-1)
    },
  }
}

describe('the door over AMQP', () => {
  it('takes documents from a system only for its own organisations, while it may send', async (t) => {
    const { systems, deliver, submitted } = await doorOf(t)
    await systems.add({ id: 'dms', organisations: ['H29.1'], scopes: ['send'] }, 'a clerk')

    const codes = [
      await deliver({ userId: 'dms' }),
      await deliver({ userId: 'dms', routingKey: 'H29' }),
      await deliver({ userId: 'nobody' }),
      await deliver({ userId: undefined }),
    ].map((answer) => answer?.['code'] ?? answer?.['accepted'])
    await systems.change('dms', { scopes: ['receive'] }, 'a clerk')
    codes.push((await deliver({ userId: 'dms' }))?.['code'])
    await systems.change('dms', { scopes: ['send'], disabled: true }, 'a clerk')
    codes.push((await deliver({ userId: 'dms' }))?.['code'])

    const refused = 'SENDER_NOT_ALLOWED'
    assert.deepEqual(codes, [true, refused, refused, 'USER_ID_REQUIRED', 'SCOPE_MISSING', refused])
    assert.equal(submitted.length, 1)
  })

  it('lets a probe of the node itself pass in silence, and takes nobody else’s for one', async (t) => {
    const { deliver, answers, submitted } = await doorOf(t)

    await deliver({ type: 'lt.canary', userId: 'owner' })
    assert.deepEqual(answers, [])
    await deliver({ type: 'lt.canary', userId: 'declared' })

    assert.equal(answers.length, 1)
    assert.equal(submitted.length, 1)
  })
})
