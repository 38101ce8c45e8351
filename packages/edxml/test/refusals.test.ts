import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { phrases } from '@lienthong/core'
import { refusals } from '../src/index.ts'

describe('refusals', () => {
  it('are said by core in English as this package says them, in Vietnamese too, and there is no other', () => {
    const prefix = 'refusal.'
    const said = Object.entries(phrases).flatMap(([key, { en }]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), en]] : [],
    )
    assert.deepEqual(Object.fromEntries(said), refusals)
  })
})
