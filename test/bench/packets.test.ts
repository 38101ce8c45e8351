import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openHeaderReader } from '@lienthong/edxml'
import { createPackets, type SizeName } from './packets.ts'

const limits: Record<SizeName, number> = { '5KiB': 5 * 1024, '64KiB': 64 * 1024, '1MiB': 1024 * 1024 }

describe('packets of the bench', () => {
  it('are as large as their name says, no two alike, and each a packet of its own', async () => {
    const packets = createPackets()
    for (const size of ['5KiB', '64KiB', '1MiB'] as const) {
      const maker = await packets.maker(size, { from: 'H29.18.05', to: 'H26.10' })
      assert.ok(maker.bytes <= limits[size] && maker.bytes > 0.97 * limits[size], `${size}: ${maker.bytes}`)
      const ids = [maker.next(), maker.next()].map((packet) => {
        const reader = openHeaderReader()
        reader.write(packet)
        const header = reader.end()
        assert.equal(header.from.organId, 'H29.18.05')
        return header.kind === 'document' ? header.documentId : null
      })
      assert.notEqual(ids[0], ids[1])
    }
  })

  it('cannot be made small again', async () => {
    const maker = await createPackets().maker('64KiB', { from: 'H29.18.05', to: 'H26.10' })
    assert.ok(gzipSync(maker.next()).length > 0.7 * maker.bytes)
  })
})
