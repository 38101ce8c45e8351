import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type AlertCondition,
  type AlertNews,
  type AlertObservation,
  alertBody,
  alertChanges,
  alertKindNames,
  alertSubject,
  languages,
  watchAlerts,
} from '../src/index.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
const remindAfterMs = dayMs

function seen(grade: number | null, kind: AlertObservation['kind'] = 'disk', about = '/srv'): AlertObservation {
  return { kind, about, grade, value: 7, notes: [] }
}

/** What is said when a node is looked at once a minute, with the minute: `3 raised`. */
function said(looks: readonly (readonly AlertObservation[])[], complete = true): string[] {
  let conditions: readonly AlertCondition[] = []
  return looks.flatMap((each, minute) => {
    const step = watchAlerts(conditions, { seen: each, complete }, { now: minute * minuteMs, remindAfterMs })
    conditions = step.conditions
    return step.news.map(({ change }) => `${minute} ${change}`)
  })
}

const times = (count: number, ...each: AlertObservation[]) => Array.from({ length: count }, () => each)

describe('alerts', () => {
  it('say what is bad once, what gets worse once more, and what is over when it has been good for a while', () => {
    const looks = [...times(3, seen(1)), ...times(3, seen(2)), ...times(2, seen(1)), ...times(9, seen(0))]
    assert.deepEqual(said(looks), ['0 raised', '3 worse', '13 ended'])
  })

  it('wait until a link has been bad for two minutes, and say nothing of what was over before', () => {
    const link = (grade: number) => seen(grade, 'link', 'G22')
    assert.deepEqual(said([...times(2, link(1)), ...times(9, link(0))]), [])
    assert.deepEqual(said(times(4, link(1))), ['2 raised'])
  })

  it('remind once a day', () => {
    assert.deepEqual(said(times(2900, seen(1))), ['0 raised', '1440 reminded', '2880 reminded'])
  })

  it('take what comes and goes for one trouble', () => {
    const everyOther = Array.from({ length: 600 }, (_, minute) => [seen(minute % 2)])
    assert.deepEqual(said(everyOther), ['1 raised'])
    const hourly = Array.from({ length: 24 * 60 }, (_, minute) => [seen(minute % 30 < 5 ? 1 : 0)])
    assert.ok(said(hourly).length < 10, said(hourly).join(', '))
  })

  it('hear of a link that is bad half of the time, though never for two minutes', () => {
    const looks = Array.from({ length: 30 }, (_, minute) => [seen(minute % 4 < 2 ? 1 : 0, 'link', 'G22')])
    assert.deepEqual(said(looks), ['4 raised'])
  })

  it('know nothing new while nothing can be known', () => {
    const looks = [...times(2, seen(1)), ...times(60, seen(null)), ...times(9, seen(0))]
    assert.deepEqual(said(looks), ['0 raised', '67 ended'])
    assert.deepEqual(said([...times(2, seen(1)), ...times(60)], false), ['0 raised'])
    assert.deepEqual(said([...times(2, seen(1)), ...times(60)]), ['0 raised', '7 ended'])
  })

  it('say the worst first, and keep what they know by its name', () => {
    const both = [seen(1, 'queue', ''), seen(2, 'disk', '/srv'), seen(1, 'disk', '/var')]
    const { news, conditions } = watchAlerts([], { seen: both, complete: true }, { now: 0, remindAfterMs })
    assert.deepEqual(
      news.map(({ kind, about }) => [kind, about]),
      [
        ['disk', '/srv'],
        ['queue', ''],
        ['disk', '/var'],
      ],
    )
    const again = watchAlerts(conditions, { seen: both, complete: true }, { now: minuteMs, remindAfterMs })
    assert.equal(again.conditions, conditions)
  })

  it('whatever happens: each trouble is raised before it is worse or over, and is said of no more often than it changed', () => {
    const grade = fc.constantFrom(0, 0, 1, 2, null)
    fc.assert(
      fc.property(fc.array(grade, { maxLength: 300 }), (grades) => {
        const changes = said(grades.map((each) => [seen(each, 'link', 'G22')])).map((each) => each.split(' ')[1])
        let isRaised = false
        for (const change of changes) {
          assert.equal(isRaised, change !== 'raised', changes.join(', '))
          isRaised = change !== 'ended'
        }
        assert.ok(changes.length <= 2 + grades.length / 5)
      }),
      { numRuns: 200, seed: 11 },
    )
  })
})

describe('an alert in words', () => {
  const news = (parts: Partial<AlertNews>): AlertNews => {
    const base = { change: 'raised', kind: 'link', about: 'G22', grade: 2, since: 0, at: minuteMs } as const
    return { ...base, value: 90, notes: ['closed', 'sender-down: ECONNREFUSED'], ...parts }
  }

  it('says what, since when, and what to do', () => {
    assert.equal(
      alertSubject('vi', 'H29', [news({}), news({ kind: 'disk' })]),
      'Liên Thông H29: nghiêm trọng – Đường nối với G22 không mở (đóng; không nối được tới máy chủ hàng đợi kia: ECONNREFUSED), và 1 việc khác',
    )
    const body = alertBody('en', 'H29', [news({})])
    assert.match(
      body,
      /critical: The link with G22 is not open \(closed; their broker is not reached: ECONNREFUSED\)\n/,
    )
    assert.match(body, /Since 1970-01-01 07:00:00 \+07:00, last seen 1970-01-01 07:01:00 \+07:00\n/)
    assert.match(body, /lienthong link show G22/)
  })

  it('has a sentence for every kind and change in either language, on one line', () => {
    for (const language of languages) {
      const all = alertKindNames.flatMap((kind) => alertChanges.map((change) => news({ kind, change })))
      for (const each of all) {
        const subject = alertSubject(language, 'H29', [{ ...each, about: 'a\r\nBcc: x', notes: ['b\u2028c\u202ed'] }])
        assert.doesNotMatch(subject, /[\p{Cc}\u2028\u202e{}]|undefined|…/u)
      }
      assert.match(alertBody(language, 'H29', [...all, ...all]), /22/)
      assert.ok(alertBody(language, 'H29', []).includes('H29'))
    }
  })
})
