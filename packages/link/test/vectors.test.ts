import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { RelayError } from '@lienthong/core'
import type { Segment } from '@lienthong/link'
import {
  decodeAnnouncement,
  decodeCore,
  decodeDirectoryMessage,
  decodeFrame,
  decodeHandover,
  decodeHello,
  decodeSignals,
  decodeSurvey,
  decodeSurveyAnswer,
  encodeCore,
  encodeFrame,
  encodeHello,
  encodeSignals,
  seal,
  sealAnnouncement,
  sealedBy,
  sealHolds,
  sealingKeyFromPem,
  uidOf,
  verify,
} from '@lienthong/link'

import { head } from '../src/wire/cbor.ts'
import { uidInput } from '../src/wire/core.ts'
import { refuses } from './refusal.ts'
import { withVectors } from './vector-page.ts'
import { makeVectors, type RefusedVector, testKeyPem, type Vectors } from './vectors.ts'

const vectorsFile = fileURLToPath(new URL('../../test/fixtures/vectors.json', import.meta.url))
const pythonReader = fileURLToPath(new URL('../../test/read_wire.py', import.meta.url))
const pageFile = new URL('../../PROTOCOL.md', import.meta.url)

const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as Vectors
const key = sealingKeyFromPem(testKeyPem())

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

describe('committed vectors', () => {
  it('are what this version makes of the same input', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(makeVectors())), vectors)
  })

  it('hold the uid', () => {
    assert.equal(hexOf(uidInput(vectors.core.value)), vectors.uid.input)
    assert.equal(uidOf(vectors.core.value), vectors.uid.uid)
  })

  it('hold the core', () => {
    assert.deepEqual(decodeCore(bytesOf(vectors.core.hex)), vectors.core.value)
    assert.equal(hexOf(encodeCore(vectors.core.value)), vectors.core.hex)
  })

  it('hold the seal', () => {
    const core = bytesOf(vectors.core.hex)
    const publicKey = Buffer.from(vectors.key.publicKey, 'hex').toString('base64url')
    verify(core, bytesOf(vectors.seal.hex), [{ kid: vectors.key.kid, publicKey }])
    assert.equal(sealedBy(bytesOf(vectors.seal.hex)), vectors.key.kid)
    assert.equal(hexOf(seal(core, key)), vectors.seal.hex)
    assert.equal(hexOf(key.sign(bytesOf(vectors.seal.signed))), vectors.seal.hex.slice(-128))
  })

  it('hold the frame', () => {
    const segments = decodeFrame(bytesOf(vectors.frame.hex)).map((part): Segment => {
      assert.ok('core' in part)
      return part
    })
    const shown = segments.map(({ envelope: { origin, core, to, segment, path }, data, extra }) => ({
      origin,
      uid: core.uid,
      to,
      segment,
      path,
      data: hexOf(data),
      extra: extra === undefined ? null : hexOf(extra),
    }))
    assert.deepEqual(shown, vectors.frame.segments)
    assert.equal(hexOf(encodeFrame(segments)), vectors.frame.hex)
    for (const { core, seal } of segments) verify(core, seal, [key])
  })

  it('hold the signals', () => {
    assert.deepEqual(decodeSignals(bytesOf(vectors.signals.hex)), vectors.signals.value)
    assert.equal(hexOf(encodeSignals(vectors.signals.value)), vectors.signals.hex)
    assert.deepEqual(decodeSignals(bytesOf(vectors.enquiries.hex)), vectors.enquiries.value)
    assert.equal(hexOf(encodeSignals(vectors.enquiries.value)), vectors.enquiries.hex)
  })

  it('hold the recall', () => {
    const { core, signals } = vectors.recall
    assert.deepEqual(decodeCore(bytesOf(core.hex)), core.value)
    assert.equal(hexOf(encodeCore(core.value)), core.hex)
    assert.deepEqual(decodeSignals(bytesOf(signals.hex)), signals.value)
    assert.equal(hexOf(encodeSignals(signals.value)), signals.hex)
  })

  it('hold the hello', () => {
    assert.deepEqual(decodeHello(bytesOf(vectors.hello.hex)), vectors.hello.value)
    assert.equal(hexOf(encodeHello(vectors.hello.value)), vectors.hello.hex)
  })

  it('hold what nodes say themselves', () => {
    const { handover, bundle, survey, hello } = vectors.nodes
    for (const { value, hex } of [handover.core, bundle]) {
      assert.deepEqual(decodeCore(bytesOf(hex)), value)
      assert.equal(hexOf(encodeCore(value)), hex)
    }
    assert.deepEqual(decodeHandover(bytesOf(handover.list.hex)), handover.list.value)
    assert.deepEqual(decodeSurvey(bytesOf(survey.asked.hex)), survey.asked.value)
    assert.deepEqual(decodeSurveyAnswer(bytesOf(survey.answered.hex)), survey.answered.value)
    assert.deepEqual(decodeHello(bytesOf(hello.hex)), hello.value)
  })

  it('hold the announcement and what is said about it', () => {
    const { value, hex, seal: sealHex, digest } = vectors.announcement
    const said = sealAnnouncement(value, key)
    assert.deepEqual([hexOf(said.bytes), hexOf(said.seal), said.digest], [hex, sealHex, digest])
    const read = decodeAnnouncement(bytesOf(hex), bytesOf(sealHex))
    assert.deepEqual(read.announcement, value)
    assert.ok(sealHolds(read.bytes, read.seal, key.publicKey))
    assert.deepEqual(
      vectors.directory.hex.map((each) => decodeDirectoryMessage(bytesOf(each))?.type),
      vectors.directory.value,
    )
  })

  for (const vector of vectors.refused) {
    it(`refuse a ${vector.structure} with ${vector.name}`, () => {
      refuses(() => read(vector), vector.code)
    })
  }

  it('are shown by PROTOCOL.md', () => {
    const page = readFileSync(pageFile, 'utf8')
    assert.equal(withVectors(page, vectors), page)
    const { core, seal, frame, signals, enquiries, hello, uid, announcement, directory, recall, nodes } = vectors
    const shown = page.replaceAll(/\s/g, '')
    for (const hex of [
      ...[uid.input, uid.uid, core.hex, seal.signed, seal.hex, frame.hex, signals.hex, hello.hex],
      ...[enquiries.hex, recall.core.hex, recall.signals.hex, announcement.hex, announcement.seal, ...directory.hex],
      ...[
        nodes.handover.core.hex,
        nodes.handover.list.hex,
        nodes.bundle.hex,
        nodes.survey.asked.hex,
        nodes.survey.answered.hex,
      ],
    ]) {
      assert.ok(shown.includes(hex))
    }
  })

  it('can be read in another language', (t) => {
    if (spawnSync('python3', ['--version']).status !== 0) {
      t.skip('python3 is missing: install the package python3 to run this check')
      return
    }
    const read = JSON.parse(execFileSync('python3', [pythonReader, vectorsFile], { encoding: 'utf8' })) as unknown
    assert.deepEqual(read, {
      uid: vectors.uid.uid,
      signed: vectors.seal.signed,
      payload: vectors.payload.text,
      segments: vectors.frame.segments,
      signals: vectors.signals.value.map(({ type }) => type),
      enquiries: vectors.enquiries.value.map(({ type }) => type),
      about: vectors.recall.core.value.about?.map(({ uid, generation }) => [uid, generation]),
      effects: vectors.recall.signals.value.map(
        (signal) => 'receipts' in signal && signal.receipts.map(({ effects = null }) => effects),
      ),
      hello: [vectors.hello.value.node, vectors.hello.value.versions],
      kinds: vectors.nodes.hello.value.kinds,
      betweenNodes: [vectors.nodes.handover.core, vectors.nodes.bundle].map(({ value }) => [
        value.uid,
        value.recipients,
      ]),
      handed: [vectors.nodes.handover.core.value.handed?.length, vectors.nodes.handover.list.value.tombstones[0]?.uid],
      survey: vectors.nodes.survey.asked.value.claims.organisations,
    })
  })
})

function read({ structure, hex }: RefusedVector): void {
  const bytes = bytesOf(hex)
  switch (structure) {
    case 'core':
      decodeCore(bytes)
      return
    case 'seal':
      sealedBy(bytes)
      return
    case 'frame':
      decodeFrame(bytes)
      return
    case 'segment': {
      const [part] = decodeFrame(Buffer.concat([Buffer.of(0x82, 1, 0x81), head(2, bytes.length), bytes]))
      assert.ok(part !== undefined && 'error' in part && part.error instanceof RelayError)
      throw part.error
    }
    case 'signals':
      decodeSignals(bytes)
      return
    case 'hello':
      decodeHello(bytes)
      return
    case 'announcement':
      decodeAnnouncement(bytes, bytesOf(vectors.announcement.seal))
      return
    case 'directory':
      decodeDirectoryMessage(bytes)
  }
}
