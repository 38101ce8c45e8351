/** A packet of one gibibyte is read whole in the memory of a small one. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readPacket } from '../src/index.ts'
import { largeFileDigest, largePacket } from './large-packet.ts'
import { growth } from './memory-kit.ts'

const mebibyte = 1024 * 1024
const allowedBytes = 32 * mebibyte
/** Base64 adds a third. */
const shape = { mebibytes: 256, attachments: 3 }

describe('a packet of one gibibyte', () => {
  for (const inFront of [false, true]) {
    it(`is read within 32 MiB, attachments ${inFront ? 'first' : 'last'}`, async () => {
      const digest = largeFileDigest(shape.mebibytes)
      let files = 0
      const grown = await growth(async (sample) => {
        for await (const part of readPacket(largePacket({ ...shape, inFront }))) {
          if (part.kind === 'header') continue
          for await (const _ of part.content) sample()
          assert.equal((await part.facts()).file?.sha256, digest)
          files++
        }
      })
      assert.equal(files, shape.attachments)
      assert.ok(grown < allowedBytes, `grew by ${grown}`)
    })
  }
})
