import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import fc from 'fast-check'
import { base64Answer } from '../src/vxp/answer.ts'
import { filePart } from '../src/vxp/file-part.ts'
import { checkedFile, isHashFile } from '../src/vxp/hash-file.ts'
import { recipientsIn } from '../src/vxp/send-edoc.ts'

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] ?? 1)
    yield bytes.slice(at, at + size)
    at += size
  }
}

async function* endless(beginning: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(beginning)
  for (let chunk = 0; chunk < 1_000; chunk += 1) yield Buffer.alloc(1_000, 120)
  throw new Error('read without end')
}

async function gathered(source: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const withCode = (code: string) => (error: unknown) => error instanceof RelayError && error.code === code

function multipart(file: Uint8Array, { end = '\r\n--b0--\r\n', name = '"file_doc"' } = {}): Buffer {
  const head = `--b0\r\nContent-Disposition: form-data; name="other"\r\n\r\n--b\r\n--b0\r\nContent-Type: text/xml\r\nContent-Disposition: form-data; name=${name}; filename="a"\r\n\r\n`
  return Buffer.concat([Buffer.from(head), file, Buffer.from(end)])
}

describe('body of sendEdoc', () => {
  it('is the packet itself, or its part file_doc, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.constantFrom('\r', '\n', '\r\n', '--', '\r\n--b', 'x'), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
        async (noise, marks, sizes) => {
          const file = Buffer.concat([Buffer.from('<'), noise, Buffer.from(marks.join(''))])
          if (file.includes('\r\n--b0')) return
          assert.deepEqual(await gathered(filePart(pieces(file, sizes))), file)
          assert.deepEqual(await gathered(filePart(pieces(multipart(file), sizes))), file)
          assert.deepEqual(await gathered(filePart(pieces(multipart(file, { name: 'file_doc' }), sizes))), file)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is refused when its part is missing, cut short or endless', async () => {
    for (const body of [
      multipart(Buffer.from('<a/>'), { end: '' }),
      multipart(Buffer.from('<a/>'), { name: '"file_doc2"' }),
      Buffer.from('--'),
      Buffer.from(
        multipart(Buffer.from('<a/>'))
          .toString()
          .replaceAll('--b0', `--${'b'.repeat(300)}`),
      ),
    ]) {
      await assert.rejects(gathered(filePart(pieces(body, [1_000]))), withCode('FIELD_INVALID'))
    }
    for (const beginning of ['--', '--b0\r\nX: ']) {
      await assert.rejects(gathered(filePart(endless(beginning))), withCode('FIELD_INVALID'))
    }
  })

  it('is not the one announced unless its digest is, padded or as the SDK prints it', async () => {
    const bytes = Buffer.from('7')
    const digest = createHash('sha256').update(bytes).digest()
    const hex = digest.toString('hex')
    const unpadded = [...digest].map((byte) => byte.toString(16)).join('')
    assert.notEqual(unpadded, hex)
    for (const form of [hex, unpadded, hex.toUpperCase()]) {
      assert.deepEqual(await gathered(checkedFile(pieces(bytes, []), form)), bytes)
    }
    for (const form of ['', hex.slice(1), unpadded.slice(1), `${hex}0`, 'f'.repeat(64)]) {
      await assert.rejects(gathered(checkedFile(pieces(bytes, []), form)), withCode('NOT_AS_ANNOUNCED'))
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (any) => {
        assert.equal(isHashFile([...any].map((byte) => byte.toString(16)).join(''), any), true)
        assert.equal(isHashFile(Buffer.from(any).toString('hex'), any), true)
      }),
      { numRuns: 100 },
    )
  })

  it('may come with recipients in a list or a text', () => {
    assert.deepEqual(recipientsIn('["H29","H30"]'), ['H29', 'H30'])
    assert.deepEqual(recipientsIn('H29'), ['H29'])
    assert.deepEqual(recipientsIn('H29, H30;H31'), ['H29', 'H30', 'H31'])
    assert.deepEqual(recipientsIn(''), [])
    for (const to of ['[', '[1]', '["H29"']) assert.throws(() => recipientsIn(to), withCode('FIELD_INVALID'))
  })
})

describe('data of getEdoc', () => {
  it('is one string of base64 of the announced length, however the packet is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 100 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
        async (bytes, sizes) => {
          const { body, bytes: announced } = base64Answer(pieces(bytes, sizes), bytes.length)
          const text = await gathered(body)
          assert.equal(text.length, announced)
          const { data, status } = JSON.parse(text.toString('utf8')) as { data: string; status: string }
          assert.equal(status, 'OK')
          assert.equal(data, Buffer.from(bytes).toString('base64'))
        },
      ),
      { numRuns: 60 },
    )
  })
})
