import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  compileTable,
  dayStart,
  languages,
  type Organisation,
  organisationsFromCsv,
  sheetProblemKinds,
  sheetProblemText,
} from '@lienthong/core'

const defaults = { parent: null, node: 'G22' }
const levelOne = readFileSync(new URL('../../test/fixtures/level1-organisations.csv', import.meta.url), 'utf8')

function read(text: string): readonly Organisation[] {
  const result = organisationsFromCsv(text, defaults)
  assert.ok(result.ok, JSON.stringify(result))
  return result.organisations
}

function problems(text: string): readonly string[] {
  const result = organisationsFromCsv(text, defaults)
  assert.ok(!result.ok)
  return result.problems.map(({ row, kind, value }) => [row, kind, value].join(' ').trim())
}

describe('the first level of the country', () => {
  const organisations = read(levelOne)
  const nodes = organisations.map(({ id }) => ({ id, tier: '', parent: id === 'G22' ? null : 'G22', keys: [] }))
  const directory = { version: 1, nodes, organisations: organisations.map((organ) => ({ ...organ, node: organ.id })) }
  const on = (day: string) => compileTable('G22', directory, 1, dayStart(day) ?? assert.fail(day))

  it('is 22 central bodies and 63 provinces, of which 29 have closed', () => {
    assert.equal(organisations.filter(({ id }) => id.startsWith('G')).length, 22)
    assert.equal(organisations.filter(({ id }) => id.startsWith('H')).length, 63)
    const closed = organisations.filter(({ successors }) => successors?.length === 1)
    assert.equal(closed.length, 29)
    assert.ok(closed.every(({ validTo }) => validTo === '2025-06-30'))
    assert.equal(organisations.find(({ id }) => id === 'H06')?.name, 'Bà Rịa–Vũng Tàu')
  })

  it('has 63 provinces until the end of June 2025 and 34 from July on', () => {
    const provinces = (day: string) =>
      on(day)
        .expand('*')
        ?.filter((id) => id.startsWith('H')).length
    assert.equal(provinces('2025-06-30'), 63)
    assert.equal(provinces('2025-07-01'), 34)
  })

  it('sends a document to H30 there until it closed, and to H13 afterwards', () => {
    assert.deepEqual(on('2025-06-01').resolve('H30'), { found: true, organ: 'H30', node: 'H30', by: 'code' })
    const later = { found: true, organ: 'H13', node: 'H13', by: 'successor', validTo: '2025-06-30' }
    assert.deepEqual(on('2025-08-01').resolve('H30'), later)
    for (const { id, successors } of organisations) {
      const answer = on('2025-08-01').resolve(id)
      assert.ok(answer.found && answer.organ === (successors?.[0] ?? id), id)
    }
  })
})

describe('a table of organisations', () => {
  const plain = [{ id: 'H29.18', name: 'Sở Y tế', parent: null, node: 'G22' }]

  it('is read with any separator, line end and mark at its beginning', () => {
    for (const text of [
      'code,name\nH29.18,Sở Y tế',
      '\uFEFFcode;name\r\nH29.18;Sở Y tế\r\n',
      'Name , CODE\r"Sở Y tế","H29.18"\r\r',
      '"code";"name";tier\n\n;;\nH29.18; Sở Y tế ;xã\n',
    ]) {
      assert.deepEqual(read(text), plain, JSON.stringify(text))
    }
  })

  it('has quoted cells with separators, line ends and quotation marks', () => {
    const [organ] = read('code,name\r\nH29.18,"Sở ""Y tế"",\r\nmột; hai"')
    assert.equal(organ?.name, 'Sở "Y tế",\r\nmột; hai')
  })

  it('has all an organisation can have', () => {
    const text = `id;name;oldCode;code102;parent;node;mail;validFrom;validTo;successors
H29.18;A;H29.9;000.00.18.H29;H29;H29;vt@a.example;2020-01-01;2025-06-30;H29.20  H29.21`
    assert.deepEqual(read(text), [
      {
        id: 'H29.18',
        name: 'A',
        oldCode: 'H29.9',
        code102: '000.00.18.H29',
        parent: 'H29',
        node: 'H29',
        mail: 'vt@a.example',
        validFrom: '2020-01-01',
        validTo: '2025-06-30',
        successors: ['H29.20', 'H29.21'],
      },
    ])
  })

  it('is taken whole or not at all, every problem with its row', () => {
    const text = `code,name,validFrom,validTo,successor,mail

H1,A,,,,
H2,,2025-02-30,,,
h1,B,,,,
H 3,C,2025-07-01,2025-06-30,,
H4,D,,,H5 H*,
H5,E
,"F",,,,`
    assert.deepEqual(problems(text), [
      '4 empty name',
      '4 day 2025-02-30',
      '6 code H 3',
      '7 code H*',
      '8 cells 2',
      '9 empty code',
      '5 codeTwice h1',
      '6 order 2025-06-30',
      '7 successorsOpen H5 H*',
    ])
  })

  it('is refused for its headings before anything else', () => {
    assert.deepEqual(problems(''), ['1 columnMissing code', '1 columnMissing name'])
    assert.deepEqual(problems('code,nmae,id\nH1,x,y'), [
      '1 columnUnknown nmae',
      '1 columnTwice id',
      '1 columnMissing name',
    ])
  })

  it('may have Vietnamese headings, remarks and days', () => {
    const text = `STT;Mã cơ quan;TÊN CƠ QUAN;Mã cấp trên;Từ ngày;Đến hết ngày;Kế thừa;Ghi chú
1;H29.18;Sở Y tế;H29;1/7/2025;31-12-2026;H29.20, H29.21;xem lại`
    assert.deepEqual(read(text), [
      {
        id: 'H29.18',
        name: 'Sở Y tế',
        parent: 'H29',
        node: 'G22',
        validFrom: '2025-07-01',
        validTo: '2026-12-31',
        successors: ['H29.20', 'H29.21'],
      },
    ])
    assert.deepEqual(problems('Mã;Tên;Từ ngày\nH1;A;31/6/2025\nH2;B;2025'), ['2 day 31/6/2025', '3 day 2025'])
  })

  it('is refused for a quotation mark that does not close, or has text behind it', () => {
    assert.deepEqual(problems('code,name\nH1,A\nH2,"B\nH3,C'), ['3 quote'])
    assert.deepEqual(problems('code,name\nH1,"A" B\n'), ['2 quote'])
  })

  it('says each problem in both languages, with its row and what is meant', () => {
    for (const kind of sheetProblemKinds) {
      for (const language of languages) {
        const text = sheetProblemText(language, { row: 12, kind, value: 'H29' })
        assert.match(text, /^(dòng|row) 12: .+/)
        if (!['quote', 'effect', 'kind'].includes(kind)) assert.match(text, /H29/)
      }
    }
  })
})
