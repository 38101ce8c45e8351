/** Tables from spreadsheets: every row or none, and a copy of the same form that says why. The .xlsx fixtures were written by LibreOffice 7.4 and openpyxl 3.0. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSheetFile, writeSheet } from '../src/declared/sheet-file.ts'
import { first, type LivingNode, livingNode } from './support/living-node.ts'

const sure = ['--approve', '--reason', 'QĐ 12/2026'] as const

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../test/fixtures/${name}.xlsx`, import.meta.url))
}

/** As Excel in Vietnam saves it: byte order mark, semicolons, CRLF. */
function excelCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => `${cells.join(';')}\r\n`).join('')}`
}

const headings = ['STT', 'Mã', 'Tên', 'Mã 102', 'Từ ngày']

function wards(count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 101)
    return [String(index + 1), `H29.18.${number}`, `Xã ${number}`, `${number}.00.18.H29`, '01/07/2025']
  })
}

function organisations({ versions }: LivingNode) {
  return versions.at(-1)?.content.organisations ?? []
}

async function cellsOf(node: LivingNode, name: string) {
  const path = join(node.dir, name)
  return (await readSheetFile(path, name)).rows.map(({ cells }) => cells)
}

describe('a table of organisations', () => {
  it('of 200 rows is taken as one version, zeros and days as they were meant', async (t) => {
    const node = await livingNode(t)
    writeFileSync(join(node.dir, 'xa.csv'), excelCsv([headings, ...wards(200)]))
    const { exit, stdout, stderr } = await node.run(['org', 'import', 'xa.csv', '--parent', 'H29.18', ...sure])
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /200 added, 0 changed, 0 removed/)
    assert.equal(node.versions.length, 2)
    assert.equal(organisations(node).length, first.organisations.length + 200)
    assert.deepEqual(organisations(node).at(-1), {
      id: 'H29.18.300',
      name: 'Xã 300',
      parent: 'H29.18',
      code102: '300.00.18.H29',
      validFrom: '2025-07-01',
    })
    const again = await node.run(['org', 'import', 'xa.csv', '--parent', 'H29.18', ...sure])
    assert.match(again.stdout, /Nothing changes/)
  })

  it('is refused whole for its bad rows, and comes back with one more column', async (t) => {
    const node = await livingNode(t)
    const rows = wards(200).map((cells) => [...cells])
    const spoil = (row: number, cell: number, value: string) => rows[row - 2]?.splice(cell, 1, value)
    spoil(5, 1, 'H29 18')
    spoil(50, 4, '31/02/2025')
    spoil(50, 2, '')
    spoil(201, 1, 'H29.18.101')
    writeFileSync(join(node.dir, 'xa.csv'), excelCsv([headings, ...rows]))
    const refused = await node.run(['org', 'import', 'xa.csv', '--lang', 'vi', ...sure])
    assert.equal(refused.exit, 3)
    assert.match(refused.stderr, /xa\.csv:5: "H29 18" phải là mã/)
    assert.match(refused.stderr, /3 dòng có lỗi.*cột cuối của xa\.loi\.csv.*\[SHEET_INVALID\]/)
    assert.equal(node.versions.length, 1)

    const text = readFileSync(join(node.dir, 'xa.loi.csv'), 'utf8')
    const lines = text.split('\r\n')
    assert.equal(lines[0], `\uFEFF${headings.join(';')};Lỗi`)
    assert.equal(lines.length, 202)
    assert.equal(lines[1], `${rows[0]?.join(';')};`)
    assert.match(lines[49] ?? '', /;31\/02\/2025;.*không được để trống; .*không phải là ngày/)
    assert.match(lines[200] ?? '', /mã H29\.18\.101 đã có ở dòng trên/)

    // Mended where it says so, with the column still there.
    const mended = lines.map((line, at) =>
      [5, 50, 201].includes(at + 1) ? `${(wards(200)[at - 1] ?? []).join(';')};${line.split(';').at(-1)}` : line,
    )
    writeFileSync(join(node.dir, 'xa.loi.csv'), mended.join('\r\n'))
    const taken = await node.run(['org', 'import', 'xa.loi.csv', '--parent', 'H29.18', ...sure])
    assert.equal(taken.exit, 0, taken.stderr)
    assert.equal(organisations(node).length, first.organisations.length + 200)
  })

  it('is refused for what only the node knows, at the row that said it', async (t) => {
    const node = await livingNode(t)
    const table = [
      ['code', 'name', 'parent'],
      ['H29.04', 'A', ''],
      ['H30.1', 'B', ''],
      ['H29.05', 'C', 'H29.99'],
    ]
    writeFileSync(join(node.dir, 'a.csv'), table.map((cells) => cells.join(',')).join('\n'))
    const { exit, stderr } = await node.run(['routes', 'import', 'a.csv', '--errors', 'b.csv', ...sure])
    assert.equal(exit, 3)
    assert.match(stderr, /a\.csv:3: organisation H30\.1 lies outside.*\na\.csv:4: its parent H29\.99/)
    assert.deepEqual(
      (await cellsOf(node, 'b.csv')).map((cells) => cells.at(-1)?.slice(0, 20)),
      ['Error', '', 'organisation H30.1 l', 'its parent H29.99 is'],
    )
  })

  it('tells programs every row that is to blame', async (t) => {
    const node = await livingNode(t)
    mkdirSync(join(node.dir, 'down'))
    writeFileSync(join(node.dir, 'down', 'a.csv'), 'code,name\nH29.04,\nH29 5,B\n')
    const { stderr } = await node.run(['org', 'import', 'down/a.csv', ...sure, '-o', 'json'])
    const { code, detail } = JSON.parse(stderr).error
    assert.deepEqual([code, detail.count, detail.errors], ['SHEET_INVALID', 2, 'down/a.errors.csv'])
    assert.deepEqual(
      detail.problems.map(({ line, column }: { line: number; column: null }) => [line, column]),
      [
        [2, null],
        [3, null],
      ],
    )
    assert.ok(existsSync(join(node.dir, 'down', 'a.errors.csv')))
  })

  it('may say all there is', async (t) => {
    const node = await livingNode(t)
    writeFileSync(join(node.dir, 'a.csv'), 'code,name\nH29,Tỉnh\nH29.02,Sở Nội vụ\n')
    const { exit, stderr } = await node.run(['routes', 'import', 'a.csv', '--replace', ...sure])
    assert.equal(exit, 3, 'a group still has the third one')
    assert.match(stderr, /member H29\.03 is not in the directory/)
    writeFileSync(join(node.dir, 'groups.yaml'), 'groups: {}')
    assert.equal((await node.run(['routes', 'apply', 'groups.yaml', '--base', '1.1', ...sure])).exit, 0)
    assert.equal((await node.run(['routes', 'import', 'a.csv', '--replace', ...sure])).exit, 0)
    assert.deepEqual(
      organisations(node).map(({ id, name }) => [id, name]),
      [
        ['H29', 'Tỉnh'],
        ['H29.02', 'Sở Nội vụ'],
      ],
    )
  })
})

describe('a workbook', () => {
  it('of LibreOffice is taken, days as days', async (t) => {
    const node = await livingNode(t)
    copyFileSync(fixture('organisations-libreoffice'), join(node.dir, 'co-quan.xlsx'))
    const { exit, stderr } = await node.run(['org', 'import', 'co-quan.xlsx', ...sure])
    assert.equal(exit, 0, stderr)
    assert.deepEqual(organisations(node).slice(3), [
      {
        id: 'H29.04',
        name: 'Sở Tài chính; vật giá',
        parent: 'H29',
        code102: '000.00.04.H29',
        validFrom: '2025-07-01',
      },
      { id: 'H29.05', name: 'Sở Xây dựng', parent: 'H29', code102: '000.00.05.H29', validFrom: '2025-08-15' },
    ])
  })

  it('of another program is taken too, by its headings', async (t) => {
    const node = await livingNode(t)
    copyFileSync(fixture('children-openpyxl'), join(node.dir, 'nut-con.xlsx'))
    const { exit, stderr } = await node.run(['routes', 'import', 'nut-con.xlsx', ...sure])
    assert.equal(exit, 0, stderr)
    assert.deepEqual(node.versions.at(-1)?.content.children.slice(1), [
      { id: 'H29.20', tier: 'huyện', delegates: ['H29.20', 'H29.21'] },
      { id: 'H29.22', tier: 'xã', delegates: ['H29.22'] },
    ])
  })

  it('is refused where it made numbers of codes, and comes back as a workbook with one more column', async (t) => {
    const node = await livingNode(t)
    copyFileSync(fixture('codes-as-numbers-libreoffice'), join(node.dir, 'so.xlsx'))
    const { exit, stderr } = await node.run(['org', 'import', 'so.xlsx', ...sure])
    assert.equal(exit, 3)
    assert.match(stderr, /so\.xlsx:2: the cell holds 123 as a number.*\nso\.xlsx:3: the cell holds 29\.1 as a number/)
    const path = join(node.dir, 'so.errors.xlsx')
    const { rows, form, cells } = await readSheetFile(path, path)
    assert.equal(form.form, 'xlsx')
    assert.deepEqual(cells[1]?.slice(0, 2), [123, 'A'])
    assert.deepEqual(
      rows.map((row) => row.cells.at(-1)?.slice(0, 14)),
      ['Error', 'the cell holds', 'the cell holds', ''],
    )
    assert.equal(node.versions.length, 1)
  })

  it('is exported and taken back without a difference, as is CSV, in either language', async (t) => {
    const node = await livingNode(t)
    for (const format of ['xlsx', 'csv']) {
      for (const lang of ['vi', 'en']) {
        for (const what of ['organisations', 'children']) {
          const file = `${what}-${lang}.${format}`
          const exported = await node.run(['routes', 'export', '--what', what, '--out', file, '--lang', lang])
          assert.equal(exported.exit, 0, exported.stderr)
          const { exit, stdout, stderr } = await node.run(['routes', 'import', file, '--replace', ...sure])
          assert.deepEqual([exit, stdout.trim()], [0, 'Nothing changes.'], `${file} ${stderr}`)
        }
      }
    }
    const vietnamese = readFileSync(join(node.dir, 'organisations-vi.csv'), 'utf8')
    assert.match(vietnamese, /^\uFEFFMã;Tên;Mã cũ;/)
    assert.match(readFileSync(join(node.dir, 'organisations-en.csv'), 'utf8'), /^\uFEFFcode,name,oldCode,/)
  })

  it('keeps zeros, texts that look like formulas, and days', async (t) => {
    const node = await livingNode(t)
    const rows = [
      ['code', 'name', 'n', 'd'],
      ['007', '=1+1', 7, new Date(Date.UTC(2026, 0, 31))],
    ]
    writeFileSync(join(node.dir, 'x.xlsx'), await writeSheet(rows, { form: 'xlsx' }))
    assert.deepEqual(await cellsOf(node, 'x.xlsx'), [
      ['code', 'name', 'n', 'd'],
      ['007', '=1+1', '7', '2026-01-31'],
    ])
  })
})

describe('a file that is no table', () => {
  it('is refused with the reason, and nothing is written', async (t) => {
    const node = await livingNode(t)
    const bomb = readFileSync(fixture('organisations-libreoffice'))
    // The list of parts says that the first one is 3 GiB.
    bomb.writeUInt32LE(3 * 1024 ** 3, bomb.indexOf('PK\x01\x02', 0, 'latin1') + 24)
    const files: readonly [name: string, bytes: Uint8Array | string, reason: RegExp][] = [
      ['old.xls', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0, 0), /\.xls → \.xlsx/],
      ['broken.xlsx', 'PK\x03\x04 and nothing', /broken\.xlsx.*\.xlsx/],
      ['bomb.xlsx', bomb, /EFBIG/],
      ['latin.csv', Uint8Array.of(0x6d, 0xe3, 0x0a), /EILSEQ/],
      ['quote.csv', 'code,name\nH29.04,"A\n', /FILE_UNREADABLE/],
      ['other.csv', 'x,y\n1,2\n', /SHEET_INVALID/],
    ]
    for (const [name, bytes, reason] of files) {
      writeFileSync(join(node.dir, name), bytes)
      const { exit, stderr } = await node.run(['routes', 'import', name, ...sure])
      assert.equal(exit, 3, name)
      assert.match(stderr, reason)
    }
    assert.ok(!existsSync(join(node.dir, 'old.errors.xls')))
    assert.equal(node.versions.length, 1)
  })
})
