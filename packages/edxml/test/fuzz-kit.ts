/** What every damaged packet must come to, whoever damaged it and however it is cut. */
import assert from 'node:assert/strict'
import { RelayError } from '@lienthong/core'
import fc from 'fast-check'
import { openHeaderReader, type PacketHeader, readPacket, refusals, samplePacket } from '../src/index.ts'
import { leaves, packetOf, samples } from './field-packets.ts'
import { collect, fixture, packetWith } from './fixture.ts'
import { cutInto, type Damage, damage, damaged } from './fuzz-mutations.ts'
import { timed } from './hostile-kit.ts'
import { usedAfterCollection } from './memory-kit.ts'

const mebibyte = 1024 * 1024
/** Processor time for one packet of some 100 KB at most. */
const deadlineMs = 3000
/** What caches and compiled code may take; a leak of a packet a run is far more. */
const maxHeapGrowth = 12 * mebibyte

/** Packets of every producer known, of this one, one with all elements there are, and one with its attachment first. */
export async function healthyPackets(): Promise<readonly Buffer[]> {
  const named = ['document', 'dotnet-order', 'gateway-2025', 'generation-2015', 'status', 'swapped-take-back']
  const organization = { organId: 'H29', organName: 'Ủy ban nhân dân' }
  const sample = samplePacket({
    from: organization,
    to: [organization],
    number: '1/UBND',
    subject: 'Về việc',
    attachmentBytes: 900,
  })
  const full = packetOf(
    ({ kind, path }) =>
      kind === 'group' ? null : `<edXML:${path.split('/').at(-1)}>${samples[kind]}</edXML:${path.split('/').at(-1)}>`,
    leaves.map(({ path }) => path).filter((path) => path !== 'MessageHeader/StatusCode'),
  )
  const attachment = '<AttachmentEncoded><Attachment><C><![CDATA[QQ>=]]></C></Attachment></AttachmentEncoded>'
  return [
    ...named.map((name) => fixture(`${name}.edxml`)),
    await collect(sample),
    full,
    packetWith('<Subject>x</Subject>', { beside: attachment }),
  ]
}

/** The header and what was said of it, or the error: all as text, to compare. */
export function readingOf(chunks: Iterable<Uint8Array>): {
  readonly header: PacketHeader | null
  readonly said: string
} {
  const reader = openHeaderReader()
  try {
    for (const chunk of chunks) if (reader.write(chunk)) break
    const header = reader.end()
    return { header, said: JSON.stringify([header, reader.warnings]) }
  } catch (error) {
    return { header: null, said: errorOf(error) }
  }
}

/** The same of a whole packet: its parts in order, and the error it ends in if it does. */
export async function partsOf(
  chunks: Iterable<Uint8Array>,
): Promise<{ readonly headers: readonly PacketHeader[]; readonly said: readonly string[] }> {
  const headers: PacketHeader[] = []
  const said: string[] = []
  try {
    for await (const part of readPacket(asSource(chunks))) {
      if (part.kind === 'header') {
        headers.push(part.header)
        said.push(JSON.stringify([part.header, part.warnings]))
      } else {
        said.push(await contentOf(part.content), JSON.stringify(await part.facts()))
      }
    }
  } catch (error) {
    said.push(errorOf(error))
  }
  return { headers, said }
}

async function contentOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  try {
    return (await collect(content)).toString('base64')
  } catch (error) {
    if (!(error instanceof RelayError) || error.code !== 'ATTACHMENT_UNREADABLE') throw error
    return error.message
  }
}

async function* asSource(chunks: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* chunks
}

function errorOf(error: unknown): string {
  if (!(error instanceof RelayError)) throw error
  assert.ok(error.code === 'NOT_EDXML' || error.code === 'DOCUMENT_ID_MISSING', error.message)
  if (error.code === 'NOT_EDXML') assert.ok(Object.hasOwn(refusals, String(error.detail['why'])), error.message)
  return error.message
}

/** Only what it has of its own, nothing that could be called. */
function assertPlain(header: PacketHeader): void {
  assert.deepEqual(JSON.parse(JSON.stringify(header)), header)
}

/** Any damage ends in a header or a refusal, in time, the same however the packet is cut; nothing is kept of it. */
export function fuzzHeaders(packets: readonly Buffer[], parameters: fc.Parameters<[Damage]>): void {
  const heap = openHeapWatch(parameters.numRuns ?? 100)
  fc.assert(
    fc.property(damage, (drawn) => {
      const packet = damaged(packets, drawn)
      const { result: whole, ms } = timed(() => readingOf([packet]))
      assert.ok(ms < deadlineMs, `took ${ms} ms`)
      assert.equal(readingOf(cutInto(packet, drawn.cuts)).said, whole.said)
      if (whole.header !== null) assertPlain(whole.header)
      heap.look()
    }),
    { ...parameters, includeErrorInReport: true },
  )
  heap.assertFlat()
}

/** The same of whole packets; and both readers give the same header, where the one that reads less has one. */
export async function fuzzPackets(packets: readonly Buffer[], parameters: fc.Parameters<[Damage]>): Promise<void> {
  const heap = openHeapWatch(parameters.numRuns ?? 100)
  await fc.assert(
    fc.asyncProperty(damage, async (drawn) => {
      const packet = damaged(packets, drawn)
      const start = process.cpuUsage()
      const whole = await partsOf([packet])
      const { user, system } = process.cpuUsage(start)
      assert.ok((user + system) / 1000 < deadlineMs, `took ${(user + system) / 1000} ms`)
      assert.deepEqual((await partsOf(cutInto(packet, drawn.cuts))).said, whole.said)
      const { header } = readingOf([packet])
      for (const given of whole.headers) assert.deepEqual(given, header)
      heap.look()
    }),
    { ...parameters, includeErrorInReport: true },
  )
  heap.assertFlat()
}

interface HeapWatch {
  look(): void
  assertFlat(): void
}

/** Compares what is in use a third of the way through with what is at the end, each after collection. */
function openHeapWatch(runs: number): HeapWatch {
  let count = 0
  let before = 0
  return {
    look() {
      if (++count === Math.floor(runs / 3)) before = usedAfterCollection()
    },
    assertFlat() {
      const grown = usedAfterCollection() - before
      assert.ok(grown < maxHeapGrowth, `grew by ${grown / mebibyte} MiB over ${count} packets`)
    },
  }
}
