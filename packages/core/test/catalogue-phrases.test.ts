import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languages, phrase, phrases } from '../src/index.ts'

/** Names of values, each once, and every place of the parser. */
function places(text: string): string[] {
  const names = new Set(text.match(/\{\w+\}/g))
  return [...names, ...(text.match(/%s/g) ?? [])].sort()
}

describe('phrases', () => {
  for (const [key, texts] of Object.entries(phrases)) {
    it(`${key} says something in each language and names the same values`, () => {
      for (const language of languages) {
        assert.notEqual(texts[language].trim(), '')
        assert.deepEqual(places(texts[language]), places(texts.en))
        assert.doesNotMatch(texts[language], /[[\]]/, 'brackets would be taken for an optional part')
      }
    })
  }

  it('are filled with their values, whatever those contain', () => {
    assert.equal(phrase('en', 'mailbox.more', { after: 12 }), 'There is more: add --after 12')
    assert.equal(phrase('en', 'config.warning', { text: '{x} [y] $&' }), 'warning: {x} [y] $&')
  })
})
