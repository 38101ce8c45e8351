import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { type Language, languages, phrase } from '@lienthong/core'
import { commands } from '../src/commands/all-commands.ts'
import { runProgram } from '../src/program.ts'
import type { Terminal } from '../src/terminal.ts'

async function helpOf(words: readonly string[], language: Language): Promise<string> {
  const stdout = new PassThrough()
  const terminal: Terminal = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    env: {},
    workingDir: '/',
    width: 100,
    onStopSignal: () => () => undefined,
    exitNow: () => assert.fail('help ends by itself'),
  }
  assert.equal(await runProgram([...words, '--help', '--lang', language], terminal, '1.2.3'), 0)
  return String(stdout.read())
}

describe('help', () => {
  for (const language of languages) {
    for (const { path, describe: what, options, examples, positionalHelp } of commands) {
      it(`of ${path.join(' ')} describes everything and gives an example, in ${language}`, async () => {
        const help = await helpOf(path, language)
        const text = help.replace(/\s+/g, ' ')
        assert.ok(examples.length > 0)
        assert.ok(text.includes(phrase(language, what)), text)
        assert.ok(text.includes(phrase(language, 'parser.examples')), text)
        for (const { command } of examples) for (const word of command.split(' ')) assert.ok(text.includes(word), text)
        for (const name of Object.keys(options)) assert.ok(text.includes(`--${name}`), text)
        for (const name of Object.keys(positionalHelp)) assert.ok(text.includes(name), text)
      })
    }
  }

  it('has no English heading in Vietnamese', async () => {
    for (const words of [[], ['mailbox'], ...commands.map(({ path }) => path)]) {
      assert.doesNotMatch(
        await helpOf(words, 'vi'),
        /Commands:|Options:|Positionals:|Examples:|\[(string|boolean|required|array)/,
      )
    }
  })

  it('shows every command from the top or from its group', async () => {
    for (const { path } of commands) {
      const help = await helpOf(path.slice(0, -1), 'en')
      assert.match(help, new RegExp(`lienthong ${path.join(' ')}`))
    }
  })
})
