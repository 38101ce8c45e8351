import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownHeartbeatSeconds, parentHeartbeat } from '../src/heartbeats.ts'

const at = (url: string, vhost = 'H77') => ({ url, vhost, user: 'u', password: 'p' })

describe('heartbeats to the parent', () => {
  it('are those to the own broker where the parent has its vhost there too, and the quick ones elsewhere', () => {
    const own = at('amqp://Broker.H77.example:5672', 'H77.1')
    assert.deepEqual(parentHeartbeat(at('amqp://broker.h77.example:5672'), own), {
      heartbeatSeconds: ownHeartbeatSeconds,
    })
    assert.deepEqual(parentHeartbeat(at('amqps://broker.h77.example:5671'), own), {})
    assert.deepEqual(parentHeartbeat(at('amqp://broker.h77.example:5673'), own), {})
    assert.deepEqual(parentHeartbeat(at('amqp://broker.g22.example:5672'), own), {})
  })
})
