import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCsv, writeCsv } from '@lienthong/core'
import fc from 'fast-check'

describe('CSV for spreadsheets', () => {
  it('begins with the byte order mark, ends rows with CRLF and quotes what needs it', () => {
    const text = writeCsv(
      [
        ['code', 'name'],
        ['007', 'Sở; "Y tế"\n2'],
      ],
      ';',
    )
    assert.equal(text, '\uFEFFcode;name\r\n007;"Sở; ""Y tế""\n2"\r\n')
  })

  it('keeps a spreadsheet from computing what looks like a formula', () => {
    const cells = ['=1+1', '+84', '-5', '@x', "'=1", "'plain", 'a=b']
    const text = writeCsv([cells], ',')
    assert.equal(text, "\uFEFF'=1+1,'+84,'-5,'@x,''=1,'plain,a=b\r\n")
    assert.deepEqual(readCsv(text).rows[0]?.cells, cells)
  })

  it('is read as it was written, whatever the cells say', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '0', '=', "'", '"', ';', ',', '\n', '\r', 'ế') })
      .map((text) => text.trim())
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(table, fc.constantFrom<',' | ';'>(',', ';'), (rows, separator) => {
        const headed = [['x', 'y'], ...rows]
        const { rows: read, brokenAt } = readCsv(writeCsv(headed, separator))
        assert.equal(brokenAt, null)
        assert.deepEqual(
          read.map(({ cells }) => cells),
          headed.filter((cells) => cells.some((text) => text !== '')),
        )
      }),
      { numRuns: 300, seed: 5 },
    )
  })
})
