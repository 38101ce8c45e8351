import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { isSigned, readCall } from '../src/vxp/signed-call.ts'

const secret = 'demo-secret'

/** Headers as they come off the wire: bytes shown as Latin-1. */
function headers(fields: Readonly<Record<string, string>>, text: string, more: readonly string[] = []): string[] {
  const hash = createHmac('sha256', secret).update(text).digest('hex')
  const lines = Object.entries(fields).flatMap(([name, value]) => [`XroadVnpt-${name}`, onWire(value)])
  return [...lines, 'XroadVnpt-sign-header', onWire(text), 'XroadVnpt-hash-header', hash, ...more]
}

const onWire = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

function textOf(fields: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [`XroadVnpt-${name}`, value])))
}

const fields = { systemid: 'dms', timestamp: '01072025T080000+0123', docId: '1'.repeat(24) }

function accepted(rawHeaders: readonly string[]): boolean {
  const call = readCall(rawHeaders)
  return call !== null && isSigned(call, [secret])
}

describe('VXP signature', () => {
  it('is the one of the published vector', () => {
    const text =
      '{"XroadVnpt-Content-Type":"application/json","XroadVnpt-systemid":"demo.sys.01","XroadVnpt-timestamp":"01072025T080000+0123","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc"}'
    const rawHeaders = [
      ...['Content-Type', 'application/json', 'XroadVnpt-Content-Type', 'application/json'],
      ...['XroadVnpt-systemid', 'demo.sys.01', 'XroadVnpt-timestamp', '01072025T080000+0123'],
      ...['XroadVnpt-servicetype', 'eDoc', 'XroadVnpt-messagetype', 'edoc', 'XroadVnpt-sign-header', text],
      'XroadVnpt-hash-header',
      'a70dbe53dfe7ecdea97bec37b8bfc1c71f6d988e2b1596f2d5ad3b733739c406',
    ]

    const call = readCall(rawHeaders)

    assert.ok(call !== null)
    assert.equal(call.systemId, 'demo.sys.01')
    assert.equal(isSigned(call, ['demo-secret']), true)
    assert.equal(isSigned(call, ['another']), false)
    assert.equal(isSigned(call, ['new', 'demo-secret']), true, 'an older secret holds during the overlap')
  })

  it('covers every field it names, in whatever case a proxy leaves the headers', () => {
    assert.equal(accepted(headers(fields, textOf(fields))), true)
    const lower = headers(fields, textOf(fields)).map((each, at) => (at % 2 === 0 ? each.toLowerCase() : each))
    assert.equal(accepted(lower), true)
    for (const name of Object.keys(fields)) {
      assert.equal(accepted(headers({ ...fields, [name]: 'x' }, textOf(fields))), false, name)
      const { [name]: _, ...fewer } = fields as Record<string, string>
      assert.equal(accepted(headers(fewer, textOf(fields))), false, `without ${name}`)
    }
  })

  it('leaves unsigned headers out', () => {
    const call = readCall(headers(fields, textOf(fields), ['XroadVnpt-from', 'H29']))
    assert.deepEqual([...(call?.unverifiedFields.keys() ?? [])], ['systemid', 'timestamp', 'docid'])
  })

  it('keeps both values when a client spells a name in two ways', () => {
    const both = { ...fields, docid: '2'.repeat(24) }
    const call = readCall(headers(both, textOf(both)))
    assert.deepEqual(call?.unverifiedFields.get('docid'), ['1'.repeat(24), '2'.repeat(24)])
  })

  it('understands Vietnamese, lists and numbers', () => {
    const call = readCall(
      headers(
        { ...fields, filePath: 'văn bản', to: '["H29", "H30"]', level: '1' },
        textOf({ ...fields, filePath: 'văn bản' }).replace('}', ',"XroadVnpt-to":["H29","H30"],"XroadVnpt-level":1}'),
      ),
    )
    assert.ok(call !== null && isSigned(call, [secret]))
    assert.deepEqual(call.unverifiedFields.get('filepath'), ['văn bản'])
    assert.deepEqual(call.unverifiedFields.get('to'), ['["H29","H30"]'])
    assert.deepEqual(call.unverifiedFields.get('level'), ['1'])
  })

  it('understands a text that was joined rather than written as JSON, and nothing that could be read in two ways', () => {
    const joined = (values: Readonly<Record<string, string>>) => {
      const text = `{${Object.entries(values)
        .map(([name, value]) => `"XroadVnpt-${name}":"${value}"`)
        .join(',')}}`
      return headers(values, text, ['XroadVnpt-sign-header-key', Object.keys(values).join(';')])
    }
    assert.equal(accepted(joined({ ...fields, to: '["H29"]' })), true)
    assert.equal(accepted(joined({ ...fields, to: '["H29"]","XroadVnpt-from":"H30' })), false)
    const tampered = joined({ ...fields, to: '["H29"]' }).map((each) => (each === '["H29"]' ? '["H30"]' : each))
    assert.equal(accepted(tampered), false)
  })

  it('refuses what is no signed call without a word more', () => {
    for (const rawHeaders of [
      [],
      headers(fields, '[]'),
      headers(fields, 'null'),
      headers(fields, '{"systemid":"dms"}'),
      headers(fields, textOf({ timestamp: fields.timestamp })),
      headers(fields, textOf(fields), ['XroadVnpt-systemid', 'another']),
      headers({ ...fields, constructor: 'x' }, textOf({ ...fields, 'constructor.prototype': 'x' })),
    ]) {
      assert.equal(readCall(rawHeaders), null)
    }
  })
})
