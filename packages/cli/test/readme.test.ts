/** What the README lists is what there is: commands, exit codes, keys of node.yaml with their defaults. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { alertKindNames, errorCodes } from '@lienthong/core'
import { commands } from '../src/commands/all-commands.ts'
import { unwrap } from '../src/config/check-schema.ts'
import { declaredFileSchema } from '../src/config/declared-file.ts'
import { nodeFileDefaults } from '../src/config/defaults.ts'
import { reorgFileSchema } from '../src/config/reorg-file.ts'
import { directoryFileSchema, nodeFileSchema } from '../src/config/schema.ts'
import { exitCodes, exitOf } from '../src/exit-codes.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** Cells of the rows of the table under this heading, without code marks. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]
  assert.ok(section !== undefined, `README has no "${heading}"`)
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

/** Paths of all leaves of the schema; `[]` after a list of objects. */
function leaves(schema: unknown, path = ''): string[] {
  const { def } = unwrap(schema)
  if (def.type === 'array') {
    const { type } = unwrap(def.element).def
    return type === 'object' ? leaves(def.element, `${path}[]`) : [path]
  }
  if (def.shape === undefined) return [path]
  return Object.entries(def.shape).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}

function defaultOf(path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
  }, nodeFileDefaults)
  return value === undefined ? '' : String(value)
}

describe('README', () => {
  it('lists every command', () => {
    const written = tableUnder('Commands').map(([command]) => command)
    assert.deepEqual(
      written,
      commands.map(({ path, positionals }) => [...path, positionals].join(' ').trim()),
    )
  })

  it('lists every exit code', () => {
    const written = tableUnder('Exit codes').map(([code, name]) => [Number(code), name])
    assert.deepEqual(
      written,
      Object.entries(exitCodes).map(([name, code]) => [code, name]),
    )
  })

  it('lists under each exit code the errors that end with it', () => {
    const written = tableUnder('Exit codes').flatMap(([code, , , errors = '']) =>
      errors
        .split(' ')
        .filter((error) => error !== '')
        .map((error) => [error, Number(code)]),
    )
    const actual = Object.keys(errorCodes).map((error) => [error, exitOf(error as keyof typeof errorCodes)])
    assert.deepEqual(Object.fromEntries(written), Object.fromEntries(actual))
  })

  it('lists every alert', () => {
    assert.deepEqual(
      tableUnder('Alerts').map(([kind]) => kind),
      alertKindNames,
    )
  })

  it('lists every key of an organisation in a directory file', () => {
    const written = tableUnder('Organisations').map(([key]) => key)
    assert.deepEqual(written, Object.keys(unwrap(directoryFileSchema.shape.organisations.element).def.shape ?? {}))
  })

  it('lists every key of a declared file', () => {
    const written = tableUnder('Routing tables').map(([key]) => key)
    const keys = leaves(declaredFileSchema).map((key) => key.replace(/^organisations\[\]\..*/, 'organisations[].…'))
    assert.deepEqual(written, [...new Set(keys)])
  })

  it('lists every key of the file of a re-organisation', () => {
    const written = tableUnder('Re-organisation').map(([key]) => key)
    assert.deepEqual(written, leaves(reorgFileSchema))
  })

  it('lists every key of node.yaml with its default', () => {
    const written = tableUnder('node.yaml').map(([key, value]) => [key, value])
    assert.deepEqual(
      written,
      leaves(nodeFileSchema).map((path) => [path, defaultOf(path)]),
    )
  })
})
