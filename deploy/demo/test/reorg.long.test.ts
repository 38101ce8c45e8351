import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runDemo } from '@lienthong/demo'

const cliPath = fileURLToPath(new URL('../../../../packages/cli/dist/src/main.js', import.meta.url))

describe('demonstration of a re-organisation', () => {
  it('loses nothing and doubles nothing', { timeout: 300_000 }, async () => {
    let text = ''
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString()
        done()
      },
    })
    const exitCode = await runDemo({ brokers: 'one', keep: false, reorg: true, lang: 'en', cliPath, output })
    assert.equal(exitCode, 0, text)
    assert.match(text.trimEnd().split('\n').at(-1) ?? '', /lost 0, duplicated 0$/)
    assert.doesNotMatch(text, /✗|FAILED/)
  })
})
