import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { safeFileName } from '../src/index.ts'

const cases: readonly (readonly [name: string, given: string, safe: string])[] = [
  ['an ordinary name', 'Công văn 123.pdf', 'Công văn 123.pdf'],
  ['a name with marks apart', 'Co\u0302ng va\u0306n.pdf', 'Công văn.pdf'],
  ['a number with its notation', '123/UBND-VP.pdf', '123-UBND-VP.pdf'],
  ['a path upwards', '../../etc/passwd', '-..-etc-passwd'],
  ['a path of Windows', 'C:\\Users\\a.pdf', 'C--Users-a.pdf'],
  ['an alternate stream', 'a.pdf:b', 'a.pdf-b'],
  ['a hidden file', '.bashrc', 'bashrc'],
  ['dots alone', '..', 'attachment'],
  ['nothing', '', 'attachment'],
  ['spaces', ' \u00a0 ', 'attachment'],
  ['dots and spaces at the end', 'a.pdf. . ', 'a.pdf'],
  ['lines', 'a\r\nb.pdf', 'a b.pdf'],
  ['a zero', 'a.exe\0.pdf', 'a.exe.pdf'],
  ['a direction mark', 'a\u202efdp.exe', 'afdp.exe'],
  ['zero widths and a byte order mark', '\ufeffa\u200b\u2060.pdf', 'a.pdf'],
  ['half a character', 'a\ud800.pdf', 'a.pdf'],
  ['a device', 'con', '_con'],
  ['a device with an extension', 'Aux.pdf', '_Aux.pdf'],
  ['a device with two', 'COM1.tar.gz', '_COM1.tar.gz'],
  ['a device with a space', 'nul .pdf', '_nul .pdf'],
  ['a device in small figures', 'lpt².pdf', '_lpt².pdf'],
  ['a device uncovered by cleaning', '..\u200bprn', '_prn'],
  ['only the beginning of a device', 'console.pdf', 'console.pdf'],
  ['wild cards', 'a*?"<>|.pdf', 'a------.pdf'],
]

describe('safe file name', () => {
  for (const [name, given, safe] of cases) {
    it(`makes ${JSON.stringify(safe)} of ${name}`, () => assert.equal(safeFileName(given), safe))
  }

  it('cuts between characters and keeps the extension', () => {
    const long = safeFileName(`${'Ủ'.repeat(300)}.docx`)
    assert.equal(long, `${'Ủ'.repeat(65)}.docx`)
    assert.equal(Buffer.byteLength(long), 200)
    assert.equal(Buffer.byteLength(safeFileName('😀'.repeat(100))), 200)
  })

  it('is safe whatever it is given, and then stays as it is', () => {
    const letters = fc.constantFrom(
      '.',
      ' ',
      '/',
      '\\',
      'con',
      'nul',
      '\u202e',
      '\0',
      'ộ',
      '😀',
      '\ud83d',
      '\ufeff',
      'a',
      '\u0301',
    )
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(letters, { maxLength: 120 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(names, (name) => {
        const safe = safeFileName(name)
        assert.ok(Buffer.byteLength(safe) <= 200 && safe !== '' && safe !== '.' && safe !== '..')
        assert.doesNotMatch(safe, /[/\\:*?"<>|\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u)
        assert.doesNotMatch(safe, /^[.\s]|[.\s]$/)
        assert.equal(safeFileName(safe), safe)
        assert.equal(safe.normalize('NFC'), safe)
      }),
      { numRuns: 500 },
    )
  })
})
