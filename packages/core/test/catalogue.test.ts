import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type ErrorCode, errorCodes, fill, languages, RelayError, sentence } from '@lienthong/core'

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
    assert.equal(fill('a[ {b}] c {d}.', { b: 1, d: 'x' }), 'a 1 c x.')
    assert.equal(fill('a[ {b}] c {d}.', {}), 'a c ….')
    assert.equal(fill('{b}', { b: '{d}', d: 'no' }), '{d}')
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
