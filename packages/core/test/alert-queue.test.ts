import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AlertChange,
  type AlertWay,
  alertFailed,
  alertPatienceMs,
  alertTold,
  emptyAlertWay,
  maxQueuedAlerts,
  queueAlert,
} from '../src/index.ts'

function alert(id: string, change: AlertChange = 'raised', at = 0) {
  const trouble = { kind: 'disk', about: '', grade: 1, since: 0, at: 0, value: null, notes: [] } as const
  return { id, at, news: [{ change, ...trouble }] }
}

function filled(count: number): AlertWay {
  return Array.from({ length: count }, (_, index) => alert(String(index), index === 7 ? 'reminded' : 'raised')).reduce(
    (way, each) => queueAlert(way, each).way,
    emptyAlertWay,
  )
}

const failure = { now: 1000, random: 0, error: 'refused', refused: false }

describe('a queue of alerts', () => {
  it('holds so many, and gives up reminders first, then the oldest that is not under way', () => {
    const full = filled(maxQueuedAlerts)

    const first = queueAlert(full, alert('new'))
    const second = queueAlert(first.way, alert('newer'))

    assert.deepEqual(
      [...first.dropped, ...second.dropped].map(({ id }) => id),
      ['7', '1'],
    )
    assert.deepEqual(
      second.way.queue.map(({ id }) => id).filter((id) => ['0', '1', '7', 'new', 'newer'].includes(id)),
      ['0', 'new', 'newer'],
    )
    assert.equal(second.way.queue.length, maxQueuedAlerts)
  })

  it('tries again after pauses that double up to half an hour, and at once when something was taken', () => {
    let way = filled(2)
    const pauses = Array.from({ length: 10 }, () => {
      way = alertFailed(way, failure).way
      return (way.nextAt - failure.now) / 1000
    })
    assert.deepEqual(pauses, [15, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800])
    assert.equal(alertFailed(filled(1), { ...failure, random: 1 }).way.nextAt, 19_000)
    const told = alertTold(way, '0')
    assert.deepEqual([told.nextAt, told.failures, told.queue.map(({ id }) => id)], [0, 0, ['1']])
  })

  it('gives up what is old, and what is refused for what it is, so that the next may be told', () => {
    const late = alertFailed(filled(2), { ...failure, now: alertPatienceMs })
    assert.equal(late.dropped.length, 2)

    let way = filled(2)
    const gone: string[] = []
    for (let count = 0; count < 5; count += 1) {
      const step = alertFailed(way, { ...failure, refused: true })
      way = step.way
      gone.push(...step.dropped.map(({ id }) => id))
    }
    assert.deepEqual([gone, way.queue.map(({ id }) => id)], [['0'], ['1']])
  })
})
