import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, copiesFor, partsFor } from '@lienthong/core'
import fc from 'fast-check'
import { arbitraryDirectory } from './trees.ts'

const bytesOf = (organ: string) => organ.length + 3

describe('more recipients than one core can name', () => {
  it('become parts that fit, each recipient in one, and few links carry more than one', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), fc.integer({ min: 1, max: 60 }), (directory, roomBytes) => {
        const table = compileTable('N0', directory, 1, 0)
        const recipients = directory.organisations.map(({ id, node }) => ({ organ: id, node }))

        const parts = partsFor(table, recipients, { roomBytes, bytesOf })

        assert.deepEqual(parts.flat().toSorted(byOrgan), recipients.toSorted(byOrgan))
        for (const part of parts) {
          const bytes = part.reduce((sum, { organ }) => sum + bytesOf(organ), 0)
          assert.ok(bytes <= roomBytes || part.length === 1)
        }
        const copies = parts.reduce((sum, part) => sum + copiesFor(table, part).length, 0)
        assert.ok(copies < copiesFor(table, recipients).length + parts.length)
      }),
    )
  })
})

function byOrgan(a: { readonly organ: string }, b: { readonly organ: string }): number {
  return a.organ < b.organ ? -1 : 1
}
