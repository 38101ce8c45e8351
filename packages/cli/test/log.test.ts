import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openLog } from '../src/log.ts'

/** Everything a reader of a log or its terminal could mistake for something else. */
const hostile = 'x\n2025-01-01 ERROR forged\r\u001b[31mred\u0007\u202egnol\u2028line\u2029\u0085\u200b\ufeff\u{e0041}'
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const unsafe =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u

function logged(format: 'json' | 'console', write: (log: ReturnType<typeof openLog>) => void): string {
  const stream = new PassThrough()
  write(openLog({ format, level: 'debug', stream, clock: () => 0 }))
  return String(stream.read() ?? '')
}

describe('the log', () => {
  it('carries the uid of a document on its line, in both formats', () => {
    const uid = 'ab'.repeat(32)
    const json = logged('json', (log) => log('info', 'delivered', { node: 'H29', uid, detail: { organ: 'H29' } }))
    assert.deepEqual(JSON.parse(json), {
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'delivered',
      node: 'H29',
      uid,
      detail: { organ: 'H29' },
    })
    const text = logged('console', (log) => log('warn', 'refused', { node: 'H29', uid, code: 'LOOP' }))
    assert.equal(text, `1970-01-01T00:00:00.000Z WARN  refused node=H29 uid=${uid} code=LOOP\n`)
  })

  it('cannot be made to tell another level, message or time', () => {
    const detail = JSON.parse(
      '{"level":"error","message":"FORGED","time":"never","timestamp":"never","__proto__":{"level":"x"},"splat":[1]}',
    )
    const entry = JSON.parse(logged('json', (log) => log('info', 'received', { detail })))
    assert.equal(entry.level, 'info')
    assert.equal(entry.message, 'received')
    assert.equal(entry.time, '1970-01-01T00:00:00.000Z')
    assert.deepEqual(Object.keys(entry), ['time', 'level', 'message', 'detail'])
    assert.ok(Object.hasOwn(entry.detail, '__proto__'), 'a name like any other')
  })

  for (const format of ['json', 'console'] as const) {
    it(`keeps one entry on one line, without characters that act, as ${format}`, () => {
      const line = logged(format, (log) => {
        log('info', hostile, {
          node: hostile,
          uid: hostile,
          code: hostile,
          detail: { [hostile]: [hostile, { hostile }] },
        })
      })
      assert.equal(line.split('\n').length, 2, line)
      assert.doesNotMatch(line, unsafe)
    })

    it(`takes any value without throwing, as ${format}`, () => {
      fc.assert(
        fc.property(
          fc.object({ withBigInt: true, withDate: true, withTypedArray: true }),
          fc.string(),
          (detail, text) => {
            const line = logged(format, (log) => log('info', text, { detail }))
            assert.equal(line.split('\n').length, 2)
            if (format === 'json') JSON.parse(line)
          },
        ),
        { numRuns: 200 },
      )
    })
  }

  it('gives text back unharmed to whoever parses its JSON', () => {
    const text = `${hostile} Ủy ban nhân dân`
    const entry = JSON.parse(logged('json', (log) => log('info', 'received', { detail: { text } })))
    assert.equal(entry.detail.text, text)
  })

  it('shows neither passwords nor credentials in addresses', () => {
    const cycle: Record<string, unknown> = { password: 'hunter2', nested: { clientSecret: 'hunter2' } }
    cycle['self'] = cycle
    cycle['url'] = 'amqp://me:hunter2@host/x'
    cycle['error'] = new Error('cannot reach amqp://me:hunter2@host')
    const line = logged('json', (log) => log('error', 'broken', { detail: cycle }))
    assert.ok(!line.includes('hunter2'), line)
    assert.match(line, /amqp:\/\/host\/x/)
  })

  it('cuts what is too long and drops what is below its level', () => {
    const line = logged('json', (log) => log('info', 'long', { detail: { text: 'x'.repeat(1_000_000) } }))
    assert.ok(line.length < 4096)
    const stream = new PassThrough()
    openLog({ format: 'json', level: 'warn', stream })('info', 'quiet')
    assert.equal(stream.read(), null)
  })
})
