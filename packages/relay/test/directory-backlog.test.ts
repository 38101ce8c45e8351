/** Announcements that wait, each neighbour's by themselves, and what one neighbour may say. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SignedAnnouncement } from '@lienthong/core'
import { allowancePerMinute, createAllowance } from '../src/directory-allowance.ts'
import { createBacklog } from '../src/directory-backlog.ts'

const bounds = { count: 10, bytes: 1_000, turnCount: 3, turnBytes: 300 }

function announcement(name: string, size = 10): SignedAnnouncement {
  return { kid: name, bytes: new Uint8Array(size), seal: new Uint8Array(0) } as SignedAnnouncement
}

const some = (name: string, count: number, size = 10) =>
  Array.from({ length: count }, (_, index) => announcement(`${name}${index}`, size))
const names = (all: readonly SignedAnnouncement[]) => all.map(({ kid }) => kid)

describe('the backlog of announcements', () => {
  it('drops what is past the bound of one neighbour, and nothing of another', () => {
    const backlog = createBacklog(bounds)
    assert.equal(backlog.add('H29.18', some('a', 12)), 2)
    assert.equal(backlog.add('H29.18', some('a', 1)), 1)
    assert.equal(backlog.add('H29.19', some('b', 10)), 0)
    assert.equal(createBacklog(bounds).add('H29.18', some('a', 5, 300)), 2)
  })

  it('is taken in turns, so that nobody is behind the whole of another', () => {
    const backlog = createBacklog(bounds)
    backlog.add('H29.18', some('a', 10))
    backlog.add('H29.19', some('b', 1))
    assert.deepEqual(names(backlog.next()), ['a0', 'a1', 'a2', 'b0'])
    backlog.add('H29.19', some('c', 1))
    assert.deepEqual(names(backlog.next()), ['a3', 'a4', 'a5', 'c0'])
    assert.equal(backlog.add('H29.18', some('d', 9)), 3)
    while (!backlog.isEmpty()) assert.ok(backlog.next().length > 0)
    assert.deepEqual(backlog.next(), [])
  })

  it('takes a turn of bytes as well, and one that is longer by itself', () => {
    const backlog = createBacklog(bounds)
    backlog.add('H29.18', [announcement('a', 200), announcement('b', 200), announcement('c', 400)])
    assert.deepEqual([names(backlog.next()), names(backlog.next()), names(backlog.next())], [['a'], ['b'], ['c']])
    assert.equal(backlog.isEmpty(), true)
    assert.equal(backlog.add('H29.18', some('d', 10, 100)), 0, 'the bytes of what was taken are free again')
  })
})

describe('what one neighbour may say in a minute', () => {
  it('is counted by messages and by what they weigh, and told once for each time it is too much', () => {
    let now = 0
    const told: string[] = []
    const allowance = createAllowance(
      () => now,
      (neighbour) => told.push(neighbour),
    )
    allowance.charge('H29.18', allowancePerMinute.bytes)
    assert.equal(allowance.admit('H29.18', 1), false)
    assert.equal(allowance.admit('H29.18', 1), false)
    assert.equal(allowance.admit('H29.19', 1), true)
    assert.deepEqual(told, ['H29.18'])
    now += 60_000
    for (let count = 0; count < allowancePerMinute.messages; count += 1) assert.ok(allowance.admit('H29.18', 1))
    assert.equal(allowance.admit('H29.18', 1), false)
    assert.equal(told.length, 1, 'it goes on: the same episode')
    now += 120_000
    allowance.charge('H29.18', allowancePerMinute.bytes)
    assert.equal(allowance.admit('H29.18', 1), false)
    assert.equal(told.length, 2)
  })
})
