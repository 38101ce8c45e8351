import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../kit/index.ts'
import { type Figure, lineOf } from './figure.ts'
import { appendFigures, circumstances, columns, csvLine } from './results-file.ts'

const where = { date: '2026-01-15T08:00:00Z', commit: 'abc1234', node: '20.20.2', cores: 2 }
const compared: Figure = {
  name: 'relay/shovel 5KiB 3 hops',
  reference: 2_000,
  measured: 4_620.4,
  unit: 'docs/s',
  runs: 3,
}
const alone: Figure = { name: 'whole path, with a "comma"', reference: null, measured: 512, unit: 'docs/s', runs: 1 }

describe('a line of results', () => {
  it('has a field for each column, quoted where it must be', () => {
    assert.equal(
      csvLine(where, compared),
      '2026-01-15T08:00:00Z,abc1234,20.20.2,2,relay/shovel 5KiB 3 hops,2000,4620,docs/s,2.31,3',
    )
    assert.equal(
      csvLine(where, alone),
      '2026-01-15T08:00:00Z,abc1234,20.20.2,2,"whole path, with a ""comma""",,512,docs/s,,1',
    )
  })

  it('reads as a ratio on the screen', () => {
    assert.equal(lineOf(compared), 'relay/shovel 5KiB 3 hops: 2.31x (4620 against 2000 docs/s, medians of 3)')
    assert.equal(lineOf(alone), 'whole path, with a "comma": 512 docs/s')
  })
})

describe('the file of results', () => {
  it('begins with a heading and grows', (t) => {
    const file = join(temporaryFolder(t), 'results.csv')
    appendFigures(file, where, [compared])
    appendFigures(file, where, [compared, alone])
    const lines = readFileSync(file, 'utf8').split('\n')
    assert.equal(lines[0], columns.join(','))
    assert.deepEqual(lines.slice(1), [csvLine(where, compared), csvLine(where, compared), csvLine(where, alone), ''])
  })

  it('names no commit outside a checkout', (t) => {
    const { commit, date } = circumstances(temporaryFolder(t), new Date(0))
    assert.equal(commit, 'unknown')
    assert.equal(date, '1970-01-01T00:00:00Z')
  })
})
