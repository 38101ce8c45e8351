import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parts, readOptions } from './options.ts'

describe('options of the bench', () => {
  it('measure everything and record it when nothing is said', () => {
    const options = readOptions([])
    assert.deepEqual(options.parts, parts)
    assert.equal(options.rounds, 3)
    assert.equal(options.record, true)
    assert.equal(options.hosting, 'each')
  })

  it('choose parts, in their own order', () => {
    assert.deepEqual(readOptions(['--only', 'province', '--only', 'latency']).parts, ['latency', 'province'])
  })

  it('are refused with a sentence', () => {
    for (const args of [
      ['--only', 'x'],
      ['--rounds', '0'],
      ['--scale', '2'],
      ['--hosting', 'two'],
      ['--shovel-source', 'x'],
      ['y'],
    ]) {
      assert.throws(() => readOptions(args), Error)
    }
  })
})
