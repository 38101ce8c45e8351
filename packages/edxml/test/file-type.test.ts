import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agrees, claimedTypes, isDocumentZip, isReencoded, sniffedBytes, sniffType } from '../src/file-type.ts'
import { zipOf } from './zip-kit.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const member = (name: string, bytes = 40): { name: string; data: Buffer } => ({ name, data: Buffer.alloc(bytes, name) })
const random = (length: number): Buffer => {
  let state = 7
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff))
}
const oleHead = latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')
const ole = (stream: string): Buffer =>
  Buffer.concat([oleHead, Buffer.alloc(504), Buffer.from(`${stream}\0`, 'utf16le'), Buffer.alloc(64)])
const openDocument = (type: string): Buffer =>
  zipOf([{ name: 'mimetype', data: Buffer.from(type), method: 0, sizes: 'front' }, member('content.xml')])
/** A document whose telling names come only in the directory at its end. */
const lateDocx = zipOf([
  { name: '_rels/.rels', data: random(40_000), method: 0, sizes: 'front' },
  member('word/document.xml'),
])

const types: readonly (readonly [name: string, bytes: Buffer, type: string])[] = [
  ['PDF', latin1('%PDF-1.4\n'), 'application/pdf'],
  ['PDF behind junk', Buffer.concat([Buffer.alloc(200, 0xee), latin1('%PDF-1.4\n')]), 'application/pdf'],
  ['PNG', latin1('\x89PNG\r\n\x1a\n\0\0'), 'image/png'],
  ['JPEG', latin1('\xff\xd8\xff\xe0\0\x10JFIF'), 'image/jpeg'],
  ['GIF', latin1('GIF89a\x01\0'), 'image/gif'],
  ['TIFF of either order', latin1('II*\0\x08\0'), 'image/tiff'],
  ['TIFF of the other order', latin1('MM\0*\0\0'), 'image/tiff'],
  ['BMP', latin1('BM\x46\0\0\0\0\0'), 'image/bmp'],
  ['RTF', latin1('{\\rtf1\\ansi'), 'application/rtf'],
  [
    'docx',
    zipOf([member('[Content_Types].xml'), member('word/document.xml')]),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'xlsx',
    zipOf([member('[Content_Types].xml'), member('xl/workbook.xml')]),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  [
    'pptx',
    zipOf([member('_rels/.rels'), member('ppt/presentation.xml')]),
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
  ['docx told at its end', lateDocx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['odt', openDocument('application/vnd.oasis.opendocument.text'), 'application/vnd.oasis.opendocument.text'],
  [
    'ods',
    openDocument('application/vnd.oasis.opendocument.spreadsheet'),
    'application/vnd.oasis.opendocument.spreadsheet',
  ],
  ['an unknown document in a zip', openDocument('application/epub+zip'), 'application/zip'],
  ['zip', zipOf([member('a.pdf')]), 'application/zip'],
  ['empty zip', zipOf([]), 'application/zip'],
  ['doc', ole('WordDocument'), 'application/msword'],
  ['xls', ole('Workbook'), 'application/vnd.ms-excel'],
  ['older xls', ole('Book'), 'application/vnd.ms-excel'],
  ['ppt', ole('PowerPoint Document'), 'application/vnd.ms-powerpoint'],
  ['another OLE file', ole('Other'), 'application/x-ole-storage'],
  ['rar', latin1('Rar!\x1a\x07\x01\0'), 'application/vnd.rar'],
  ['7z', latin1('7z\xbc\xaf\x27\x1c\0\x04'), 'application/x-7z-compressed'],
  ['gzip', latin1('\x1f\x8b\x08\0'), 'application/gzip'],
  ['program of Windows', latin1('MZ\x90\0\x03'), 'application/vnd.microsoft.portable-executable'],
  ['program of Linux', latin1('\x7fELF\x02\x01'), 'application/x-elf'],
  ['XML', Buffer.from('\ufeff<?xml version="1.0"?><a/>'), 'application/xml'],
  ['HTML', Buffer.from('<!DOCTYPE html><p>'), 'text/html'],
  ['text', Buffer.from('Công văn\r\nsố 1'), 'text/plain'],
  ['text that begins like a picture', Buffer.from('BM, ngày 1'), 'text/plain'],
  ['text of UTF-16', Buffer.from('\ufeffCông văn', 'utf16le'), 'text/plain'],
  ['text whose middle falls into a character', Buffer.from(`a${'ộ'.repeat(sniffedBytes)}`), 'text/plain'],
  ['noise', random(300), 'application/octet-stream'],
  ['nothing', Buffer.alloc(0), 'application/octet-stream'],
]

describe('file type', () => {
  for (const [name, bytes, type] of types) {
    it(`knows ${name}`, () => {
      assert.equal(sniffType(bytes.subarray(0, sniffedBytes), bytes.subarray(-sniffedBytes)), type)
    })
  }

  it('never fails on the first bytes of anything', () => {
    for (const [, bytes] of types) {
      for (let length = 0; length < Math.min(bytes.length, 100); length++) {
        const head = bytes.subarray(0, length)
        assert.equal(typeof sniffType(head, head), 'string')
        isDocumentZip(head)
      }
    }
  })

  it('tells a document that is a zip from a zip around a document', () => {
    assert.equal(isDocumentZip(lateDocx), true)
    assert.equal(isDocumentZip(openDocument('application/vnd.oasis.opendocument.text')), true)
    assert.equal(isDocumentZip(zipOf([member('5e515fca.docx')])), false)
    assert.equal(isDocumentZip(zipOf([member('mimetype.pdf')])), false)
  })

  it('finds bytes that were taken for text', () => {
    const binary = latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\x01')
    assert.equal(isReencoded(Buffer.from(binary.toString('utf8'))), true)
    assert.equal(isReencoded(binary), false)
    assert.equal(isReencoded(Buffer.from('Công văn')), false)
    assert.equal(isReencoded(Buffer.concat([binary, Buffer.from('\ufffd')])), false)
  })

  it('takes a claim only for what says something', () => {
    assert.deepEqual(claimedTypes('a.PDF', 'application/zip'), ['application/pdf'])
    assert.deepEqual(claimedTypes('a.pdf.p7s', 'application/octet-stream'), [])
    assert.deepEqual(claimedTypes(null, 'text/xml; charset=utf-8'), ['application/xml'])
    assert.deepEqual(claimedTypes('constructor', 'toString'), [])
    assert.deepEqual(claimedTypes('a.constructor', '__proto__'), [])
  })

  it('lets text and old Office files be told less narrowly', () => {
    assert.ok(agrees('text/csv', 'text/plain'))
    assert.ok(agrees('application/msword', 'application/x-ole-storage'))
    assert.ok(!agrees('application/msword', 'application/vnd.ms-excel'))
    assert.ok(!agrees('application/pdf', 'text/plain'))
  })
})
