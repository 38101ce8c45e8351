import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { listOrganisations, type Organisation } from '../src/index.ts'

const organisation = (id: string, name: string, other: Partial<Organisation> = {}): Organisation => ({
  id,
  name,
  parent: null,
  node: 'G22',
  ...other,
})

describe('organisations in pages', () => {
  const list = listOrganisations([
    organisation('H29', 'Ủy ban nhân dân tỉnh Đắk Lắk', { code102: '000.00.00.H15' }),
    organisation('G22', 'Cơ quan trung ương'),
    organisation('H29.18', 'Ủy ban nhân dân phường Ea Kao', { oldCode: '000.00.18.H15' }),
  ])
  const ids = (words: string) => list({ words, limit: 10 }).organisations.map(({ id }) => id)

  it('finds all words in names and codes, without marks and case', () => {
    assert.deepEqual(ids('dak LAK'), ['H29'])
    assert.deepEqual(ids('ủy ban'.normalize('NFD')), ['H29', 'H29.18'])
    assert.deepEqual(ids('h15'), ['H29', 'H29.18'])
    assert.deepEqual(ids('phuong 000.00.18'), ['H29.18'])
    assert.deepEqual(ids('phường tỉnh'), [])
    assert.deepEqual(ids('  '), ['G22', 'H29', 'H29.18'])
  })

  it('gives every organisation exactly once, in order, whatever the size of a page', () => {
    const codes = fc.uniqueArray(fc.stringMatching(/^[A-Z]\d{2}(\.\d{2}){0,2}$/), { maxLength: 30 })
    fc.assert(
      fc.property(codes, fc.integer({ min: 1, max: 7 }), (all, limit) => {
        const pages = listOrganisations(all.map((id) => organisation(id, 'Sở')))
        const seen: string[] = []
        for (let after: string | undefined; ; ) {
          const page = pages({ words: 'so', limit, ...(after === undefined ? {} : { after }) })
          seen.push(...page.organisations.map(({ id }) => id))
          assert.ok(page.organisations.length <= limit)
          if (page.next === null) break
          after = page.next
        }
        assert.deepEqual(seen, [...all].sort())
      }),
      { numRuns: 50 },
    )
  })
})
