import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mergersFromSheet } from '@lienthong/core'

const sheet = (...cells: readonly (readonly string[])[]) => cells.map((row, index) => ({ row: index + 1, cells: row }))

describe('a table of mergers', () => {
  it('has a merger for each successor; a row without one closes', () => {
    const { changes, rows, problems } = mergersFromSheet(
      sheet(
        ['Mã cũ', 'Mã mới', 'Tên mới'],
        ['H29.1', 'H29.50', 'Xã mới'],
        ['H29.2', 'H29.51', 'Phường mới'],
        ['H29.3', 'h29.50', ''],
        ['H29.4', '', ''],
      ),
    )
    assert.deepEqual(problems, [])
    assert.deepEqual(changes, [
      { act: 'merge', codes: ['H29.1', 'H29.3'], into: { code: 'H29.50', name: 'Xã mới' } },
      { act: 'merge', codes: ['H29.2'], into: { code: 'H29.51', name: 'Phường mới' } },
      { act: 'close', codes: ['H29.4'] },
    ])
    assert.deepEqual(rows, [[2, 4], [3], [5]])
  })

  it('is refused row by row', () => {
    const { problems } = mergersFromSheet(
      sheet(['code', 'successor'], ['H29.1', 'H29.5 H29.6'], ['h29.1', 'H29.5'], ['7 7', 'H29.5']),
    )
    assert.deepEqual(
      problems.map(({ row, kind, value }) => [row, kind, value]),
      [
        [4, 'code', '7 7'],
        [2, 'codeTwice', 'H29.6'],
        [3, 'codeTwice', 'h29.1'],
      ],
    )
  })
})
