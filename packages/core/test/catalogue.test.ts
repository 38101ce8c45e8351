import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type ErrorCode, errorCodes, fill, languages, phrases, RelayError, sentence } from '@lienthong/core'

const codes = Object.keys(errorCodes) as ErrorCode[]

describe('the catalogue', () => {
  it('has a sentence and an action for every code in every language', () => {
    for (const language of languages) {
      for (const code of codes) {
        const { text, action } = sentence(language, code)
        assert.ok(text.length > 10 && action.length > 10, `${language} ${code}`)
      }
    }
  })

  it('reads well without any detail', () => {
    for (const language of languages) {
      for (const code of codes) {
        const { text, action } = sentence(language, code)
        for (const line of [text, action]) assert.match(line, /^[^[\]{}…]*[.]$/, `${language} ${code}: ${line}`)
        for (const line of [text, action])
          assert.doesNotMatch(line, /\s[.,;:]|\s\s|[:(]\s*\.|\(\s*\)/, `${code}: ${line}`)
      }
    }
  })

  it('is Vietnamese in Vietnamese', () => {
    for (const code of codes) {
      const { text, action } = sentence('vi', code)
      assert.match(text + action, /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i, code)
      assert.notEqual(text, sentence('en', code).text)
    }
  })

  it('fills in what the error knows, in both languages alike', () => {
    const { code, detail } = new RelayError('RECEIVER_UNKNOWN', { detail: { organ: 'H99.1' } })
    for (const language of languages) assert.ok(sentence(language, code, detail).text.includes('H99.1'))
    assert.match(sentence('vi', 'KEY_EXPIRED', { kid: 'H29#1', state: 'not-yet' }).text, /H29#1 .*\(chưa có hiệu lực\)/)
    assert.equal(fill('a[ {b}] c {d}.', { b: 1, d: 'x' }), 'a 1 c x.')
    assert.equal(fill('a[ {b}] c {d}.', {}), 'a c ….')
    assert.equal(fill('{b}', { b: '{d}', d: 'no' }), '{d}')
  })
})

describe('the sentence of NOT_EDXML', () => {
  it('says why in the language of the sentence, with what else is known', () => {
    const detail = { why: 'doctype', line: 3 }
    assert.equal(
      sentence('vi', 'NOT_EDXML', detail).text,
      'Tệp không phải là gói tin edXML hợp lệ: văn bản có khai báo DOCTYPE (dòng 3).',
    )
    assert.equal(
      sentence('en', 'NOT_EDXML', { why: 'field-too-long', field: 'Subject', limit: 9 }).text,
      'The file is not a valid edXML packet: one text is too long (element Subject) (at most 9).',
    )
  })

  it('never shows a code where there is a phrase, nor English in Vietnamese', () => {
    const whys = Object.keys(phrases).flatMap((key) => (key.startsWith('refusal.') ? key.slice('refusal.'.length) : []))
    assert.notEqual(whys.length, 0)
    for (const why of whys) {
      const [vi, en] = languages.map((language) => sentence(language, 'NOT_EDXML', { why }).text)
      assert.notEqual(vi, en)
      if (why.includes('-')) assert.ok(!`${vi}${en}`.includes(why), why)
      assert.match(
        String(vi).split(': ')[1] ?? '',
        /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúý]/i,
        why,
      )
    }
  })

  it('shows a reason it does not know as it is, inherited names too', () => {
    for (const why of ['tomorrow', 'constructor', '__proto__']) {
      assert.ok(sentence('vi', 'NOT_EDXML', { why }).text.endsWith(`hợp lệ: ${why}.`))
    }
    assert.ok(
      sentence('vi', 'FRAME_INVALID', { why: 'truncated' }).text.includes('truncated'),
      'not a refusal of edXML',
    )
  })

  it('says why an attachment cannot be read, and goes on when it does not know the reason', () => {
    const known = { number: 2, why: 'ATTACHMENT_EXPANDS', limit: 200 }
    assert.match(sentence('en', 'ATTACHMENT_UNREADABLE', known).text, /more than 200 times/)
    assert.match(sentence('vi', 'ATTACHMENT_UNREADABLE', known).text, /hơn 200 lần/)
    assert.match(
      sentence('en', 'ATTACHMENT_UNREADABLE', { number: 2, why: 'NEWER' }).text,
      /number 2 cannot be read: NEWER\./,
    )
  })
})

describe('the README', () => {
  it('lists exactly the error codes there are, with whether to try again', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` *\| (never|later) *\|/gm)].map(([, code, retry]) => [code, retry])
    assert.deepEqual(
      rows,
      Object.entries(errorCodes).map(([code, { retry }]) => [code, retry]),
    )
  })
})
