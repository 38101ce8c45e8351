import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StagedPayload, Store } from '../src/index.ts'
import { acceptRequest, deliverRequest, now, openTemporary, uidOf } from './samples.ts'

const megabyte = 1024 * 1024
const size = 200 * megabyte
const segmentBytes = 256 * 1024
const allowedGrowth = 64 * megabyte

/** A chunk that differs from the others by its number. */
function chunkOf(index: number): Uint8Array {
  const chunk = new Uint8Array(segmentBytes)
  new DataView(chunk.buffer).setUint32(0, index)
  return chunk
}

/** Buffers beyond this are collected, so that what is garbage already does not count, bytes. */
const uncollected = 16 * megabyte

/** Highest resident size seen above the size at the start. */
function watchMemory(): { growth(): number; look(): void } {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  const start = process.memoryUsage()
  let peak = start.rss
  return {
    look: () => {
      if (process.memoryUsage().external - start.external > uncollected) collectGarbage()
      peak = Math.max(peak, process.memoryUsage.rss())
    },
    growth: () => peak - start.rss,
  }
}

async function stageLarge(store: Store, look: () => void): Promise<StagedPayload> {
  async function* source() {
    for (let index = 0; index < size / segmentBytes; index += 1) yield chunkOf(index)
  }
  return await store.payloads.stage(source(), { maxBytes: size, onChunk: look })
}

async function drain(stream: AsyncIterable<Uint8Array>, look: () => void): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) {
    hash.update(chunk)
    look()
  }
  return hash.digest('hex')
}

describe('a payload of 200 MB', () => {
  it('passes through staging, the outbox and reading in little memory', async (t) => {
    const store = await openTemporary(t)
    const { look, growth } = watchMemory()

    const payload = await stageLarge(store, look)
    await store.outbox.accept(acceptRequest({ name: 'a' }, payload))
    const digest = await drain(store.payloads.stream(payload.sha256), look)

    assert.equal(digest, payload.sha256)
    assert.ok(growth() < allowedGrowth, `grew by ${Math.round(growth() / megabyte)} MiB`)
  })

  it('is assembled, checked and delivered in little memory', async (t) => {
    const store = await openTemporary(t)
    const hash = createHash('sha256')
    for (let index = 0; index < size / segmentBytes; index += 1) hash.update(chunkOf(index))
    const payload = { sha256: hash.digest('hex'), size }
    const { look, growth } = watchMemory()
    const about = { uid: uidOf('a'), from: 'H29.18.05', link: 'up', segmentBytes, payload, cores: [], now }

    const file = await store.assemblies.file(uidOf('a'), size, segmentBytes)
    for (let segment = 0; segment < size / segmentBytes; segment += 1) {
      await file.write(segment, chunkOf(segment))
      if (segment % 64 === 63) await store.assemblies.commit({ ...about, segments: [segment] })
      look()
    }
    await file.sync()
    const digest = await file.digest()
    await file.close()
    const staged = await store.assemblies.finish(uidOf('a'))
    await store.mailbox.deliver(deliverRequest('a', staged))
    const read = await drain(store.payloads.stream(payload.sha256), look)

    assert.deepEqual([digest, read], [payload.sha256, payload.sha256])
    assert.ok(growth() < allowedGrowth, `grew by ${Math.round(growth() / megabyte)} MiB`)
  })
})
