import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PhraseKey, phrases } from '@lienthong/core'
import {
  attachmentWarnings,
  earlierWarnings,
  headerWarnings,
  packetFindings,
  receiverWarnings,
  warningSentence,
} from '../src/index.ts'

describe('warnings', () => {
  it('have a sentence each, and there is none without a code', () => {
    const keys = Object.keys(phrases).filter((key) => key.startsWith('warning.'))
    assert.deepEqual(
      keys,
      [attachmentWarnings, earlierWarnings, headerWarnings, receiverWarnings, packetFindings]
        .flatMap(Object.keys)
        .map((code) => `warning.${code}` satisfies string as PhraseKey),
    )
  })

  it('are said with their values, in both languages', () => {
    const warning = { code: 'ATTACHMENT_NAME_UNSAFE', detail: { safe: 'a.pdf' } } as const
    assert.match(warningSentence('en', warning), /save it as "a\.pdf"/)
    assert.match(warningSentence('vi', warning), /nên lưu thành "a\.pdf"/)
  })
})
