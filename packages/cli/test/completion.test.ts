/** Completion in a shell: everything in the table of commands is offered, asked of a real bash. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { phrase } from '@lienthong/core'
import type { OptionSpec } from '../src/command.ts'
import { commands, groups } from '../src/commands/all-commands.ts'
import { commonOptions } from '../src/common-options.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

/** What bash offers behind each of these beginnings; the last word is the one being typed. */
async function offered(t: TestContext, beginnings: readonly (readonly string[])[]): Promise<readonly string[][]> {
  const { stdout: script, exit } = await callProgram(['completion', 'bash'])
  assert.equal(exit, 0)
  const dir = temporaryFolder(t)
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
  const questions = beginnings.map((words) => `ask lienthong ${words.map(quoted).join(' ')}`)
  const ask = [
    'source ./completion.bash',
    'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lienthong; printf "%s\\n" "${COMPREPLY[*]}"; }',
    ...questions,
    'complete -p lienthong',
  ]
  writeFileSync(join(dir, 'completion.bash'), script)
  writeFileSync(join(dir, 'ask.bash'), ask.join('\n'))
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '--noprofile', 'ask.bash'], { cwd: dir })
  assert.equal(stderr, '')
  const answers = stdout.trimEnd().split('\n')
  assert.match(answers.pop() ?? '', /-F _lienthong lienthong$/)
  return answers.map((answer) => answer.split(' ').filter((word) => word !== ''))
}

describe('completion in bash', () => {
  it('offers every command from the top and from its group', async (t) => {
    const prefixes = ['', ...Object.keys(groups)].map((group) => (group === '' ? [] : group.split('.')))
    const answers = await offered(
      t,
      prefixes.map((prefix) => [...prefix, '']),
    )
    for (const [index, prefix] of prefixes.entries()) {
      const below = commands.filter(({ path }) => prefix.every((word, depth) => path[depth] === word))
      assert.deepEqual(answers[index], [...new Set(below.map(({ path }) => path[prefix.length]))])
    }
  })

  it('offers every option of every command, and its values where they are known', async (t) => {
    const asked = commands.flatMap(({ path, options }) => {
      const all: Readonly<Record<string, OptionSpec>> = { ...options, ...commonOptions }
      const dashed = Object.entries(all).flatMap(([name, { alias }]) =>
        alias === undefined ? [`--${name}`] : [`--${name}`, `-${alias}`],
      )
      const values = Object.entries(all).filter(([, { type }]) => type !== 'flag')
      return [
        { words: [...path, '-'], expected: [...dashed, '--help', '-h'] },
        ...values.map(([name, { choices = [] }]) => ({ words: [...path, `--${name}`, ''], expected: choices })),
      ]
    })
    const answers = await offered(
      t,
      asked.map(({ words }) => words),
    )
    for (const [index, { words, expected }] of asked.entries()) {
      assert.deepEqual(answers[index], [...expected], words.join(' '))
    }
  })

  it('completes what is begun, also behind other options, and keeps quiet where it knows nothing', async (t) => {
    assert.deepEqual(
      await offered(t, [
        ['sta'],
        ['key', 'certificate', 'a'],
        ['-o', 'json', 'mailbox', 'l'],
        ['status', '-o', 'j'],
        ['status', '--output', '=', 't'],
        ['status', '--output', '='],
        ['completion', ''],
        ['submit', ''],
        ['submit', 'packet.edxml', '--as', ''],
        ['nothing', 'of', '--the', 'k'],
      ]),
      [['status'], ['add'], ['list'], ['json'], ['table'], ['table', 'json'], ['bash', 'zsh', 'fish'], [], [], ['key']],
    )
  })
})

describe('completion in other shells', () => {
  for (const shell of ['zsh', 'fish']) {
    it(`knows every command, option and value, with what it is for: ${shell}`, async () => {
      const { stdout } = await callProgram(['completion', shell, '--lang', 'vi'])
      for (const { path, options, describe: what } of commands) {
        assert.ok(stdout.includes(`'${path.join(' ')}'`), path.join(' '))
        assert.ok(
          stdout.includes(phrase('vi', what).replaceAll(':', shell === 'zsh' ? '\\:' : ':')),
          phrase('vi', what),
        )
        for (const [name, { choices = [] }] of Object.entries<OptionSpec>({ ...options, ...commonOptions })) {
          assert.ok(stdout.includes(shell === 'zsh' ? `--${name}` : `-l ${name}`), name)
          for (const choice of choices) assert.ok(stdout.includes(choice), choice)
        }
      }
    })
  }

  it('is refused for a shell it does not know', async () => {
    const { exit, stderr } = await callProgram(['completion', 'csh'])
    assert.equal(exit, 2)
    assert.match(stderr, /bash.*zsh.*fish/)
  })
})
