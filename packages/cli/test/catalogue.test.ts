/** Every sentence of the program stands in the catalogue, where it has its other language. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../src', import.meta.url))

const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`/g
const sentence = /\p{L}{2,} \p{L}{2,}/u

/** Not for people at the terminal: comments, imports, entries of the log (English), words of example commands. */
const elsewhere = /^\s*\*.*|\/[/*]+ .*|\blog\??\.?\(.*|^import .*|\bcommand: '[^']*'/g

/** Literals of a source text in which two words stand beside each other. */
function sentences(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => line.replace(elsewhere, '').match(literal) ?? [])
    .filter((written) => sentence.test(written))
}

/** What the parser looks its sentences up by, and what it is given to build commands from. */
const keysOfTheParser = 'parser-strings.ts'

describe('the catalogue', () => {
  it('finds a sentence that is not in it', () => {
    assert.deepEqual(sentences("await context.note('Nothing to do')"), ["'Nothing to do'"])
    assert.deepEqual(sentences("say('mailbox.empty', { after: 1 }) // 'not this one'"), [])
  })

  it('has every sentence the program prints', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    assert.ok(files.length > 20)
    const found = files
      .filter((name) => name !== keysOfTheParser)
      .flatMap((name) => sentences(readFileSync(join(source, name), 'utf8')).map((text) => `${name}: ${text}`))
    assert.deepEqual(found, [])
  })

  it('is the only importer of winston: src/log.ts', () => {
    const importers = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && readFileSync(join(source, name), 'utf8').includes("from 'winston'"),
    )
    assert.deepEqual(importers, ['log.ts'])
  })
})
