import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeHello } from '@lienthong/link'
import { createLinkDoor } from '../src/link-door.ts'
import { openLinkOrders } from '../src/link-orders.ts'
import { createPresence } from '../src/presence.ts'
import { createThrottle } from '../src/throttle.ts'
import { aNode } from './a-node.ts'

const by = 'a clerk'

describe('a throttle', () => {
  it('lets bytes pass at its rate, in order, and all at once when it is taken away', async () => {
    const throttle = createThrottle()
    const passed: number[] = []
    const take = (number: number) => throttle.take(10_000).then(() => passed.push(number))
    throttle.setRate(1_000_000)
    const began = performance.now()
    await Promise.all([1, 2, 3, 4, 5].map(take))
    assert.ok(performance.now() - began >= 39, 'four pieces of 10 ms went before the fifth')

    throttle.setRate(1)
    const slow = [6, 7, 8].map(take)
    throttle.setRate(null)
    await Promise.all([...slow, take(9)])
    assert.deepEqual(passed, [1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('ends the wait of whoever stops', async () => {
    const throttle = createThrottle()
    throttle.setRate(1)
    await throttle.take(1_000_000)
    const stopping = new AbortController()
    const waiting = [1, 2].map(() => throttle.take(1, stopping.signal))
    stopping.abort(new Error('stopping'))
    for (const each of waiting) await assert.rejects(each, /stopping/)
  })
})

describe('the presence of a child', () => {
  it('is open while it is heard, and says since when', () => {
    const clock = { now: 1_000 }
    const presence = createPresence(() => clock.now)
    assert.equal(presence.of('H29.18'), null)
    const hello = { node: 'H29.18', instance: 'ab', versions: [1], maxFrameBytes: 1, tableVersion: 7 }
    presence.heard('H29.18', encodeHello(hello))
    clock.now += 30_000
    presence.heard('H29.18', null)
    assert.deepEqual(presence.of('H29.18'), { open: true, since: 1_000, hello })
    clock.now += 66_000
    assert.deepEqual(presence.of('H29.18'), { open: false, since: 31_000, hello })
    presence.heard('H29.18', new Uint8Array(3))
    assert.deepEqual(presence.of('H29.18'), { open: true, since: 97_000, hello })
  })
})

describe('orders about links', () => {
  async function aDoor(node: Awaited<ReturnType<typeof aNode>>) {
    const orders = await openLinkOrders(node.context)
    orders.follow('G22')
    return {
      orders,
      door: createLinkDoor(node.context, {
        orders,
        presence: createPresence(node.context.now),
        parent: () => ({ id: 'G22', place: 'amqps://centre.example:5671', status: null }),
        children: () => ['H29.18'],
        counts: async () => new Map([['lt.up.bulk', 4]]),
      }),
    }
  }

  it('are kept, told, and written down with before and after', async (t) => {
    const node = await aNode(t)
    const { door, orders } = await aDoor(node)
    const changed: string[] = []
    orders.onChange((neighbour) => changed.push(neighbour))

    await door.stop('G22', { stop: 'pause', until: null, reason: 'cáp đứt' }, by)
    await door.throttle('G22', { bytesPerSecond: 500, reason: '' }, by)
    await door.stop('H29.18', { stop: 'drain', until: node.clock.now + 500, reason: '' }, by)

    const again = await aDoor(node)
    assert.deepEqual(
      [again.orders.stopOn('up'), again.orders.stopOn('down:H29.18'), again.orders.stopOn('down:X')],
      ['pause', 'drain', null],
    )
    const [up, down] = await again.door.list()
    assert.deepEqual([up?.reasons, up?.order?.bytesPerSecond, up?.queued], [['pause'], 500, { express: 0, bulk: 4 }])
    assert.deepEqual([down?.phase, down?.reasons], ['closed', ['never-heard', 'drain']])
    node.clock.now += 500
    assert.equal(again.orders.stopOf('H29.18'), null)
    assert.equal((await again.door.get('H29.18')).order, null)

    await door.resume('G22', by)
    assert.deepEqual([orders.stopOf('G22'), orders.get('G22')?.bytesPerSecond], [null, 500])
    await door.throttle('G22', { bytesPerSecond: null, reason: '' }, by)
    assert.equal(orders.get('G22'), null)
    assert.deepEqual(changed, ['G22', 'G22', 'H29.18', 'G22', 'G22'])
    const disk = await node.disk()
    for (const type of ['link.pause', 'link.drain', 'link.resume', 'link.throttle'])
      assert.ok(disk.includes(type), type)
    assert.match(disk, /"after":\{[^}]*"stop":"pause"/)
    orders.close()
    again.orders.close()
  })

  it('are refused for whom there is no link with, for a time that has passed, and as a rate of nothing', async (t) => {
    const node = await aNode(t)
    const { door, orders } = await aDoor(node)
    t.after(() => orders.close())
    const pause = { stop: 'pause', until: null, reason: '' } as const
    await assert.rejects(door.stop('H26', pause, by), { code: 'NOT_FOUND' })
    await assert.rejects(door.resume('H26', by), { code: 'NOT_FOUND' })
    await assert.rejects(door.stop('G22', { ...pause, until: node.clock.now }, by), { code: 'USAGE' })
    await assert.rejects(door.throttle('G22', { bytesPerSecond: 0, reason: '' }, by), { code: 'USAGE' })
    await assert.rejects(door.throttle('H29.18', { bytesPerSecond: 9, reason: '' }, by), { code: 'USAGE' })
  })
})
