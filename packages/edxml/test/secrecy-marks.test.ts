import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PacketHeader, readHeader, secrecyMark, secrecyMarks } from '../src/index.ts'
import { fixture, headerWith } from './fixture.ts'

const sphere = (sphereOfPromulgation: string): PacketHeader => headerWith({ sphereOfPromulgation })
const typed = (typeName: string): PacketHeader =>
  headerWith({ documentType: { type: null, typeDetail: null, typeName } })

describe('a marking of secrecy', () => {
  for (const mark of secrecyMarks) {
    it(`${mark} is found in each field that may carry one`, () => {
      assert.deepEqual(secrecyMark(sphere(mark)), { field: 'MessageHeader/OtherInfo/SphereOfPromulgation', mark })
      assert.deepEqual(secrecyMark(typed(mark)), { field: 'MessageHeader/DocumentType/TypeName', mark })
      assert.deepEqual(secrecyMark(headerWith({ appendixes: ['Phụ lục I', mark] })), {
        field: 'MessageHeader/OtherInfo/Appendixes/Appendix',
        mark,
      })
    })
  }

  for (const [how, text, mark] of [
    ['in lower case', 'mật', 'MẬT'],
    ['capitalised', 'Mật', 'MẬT'],
    ['with spaces doubled', 'tối  mật', 'TỐI MẬT'],
    ['with spaces around', ' Tuyệt mật ', 'TUYỆT MẬT'],
    ['with a no-break space', 'TỐI\u00a0MẬT', 'TỐI MẬT'],
    ['with a line break', 'TUYỆT\n\t MẬT', 'TUYỆT MẬT'],
    ['in decomposed accents', 'TUYỆT MẬT'.normalize('NFD'), 'TUYỆT MẬT'],
    ['with the accents of one letter in the other order', 'Ma\u0302\u0323t', 'MẬT'],
    ['in full-width letters', 'ＭẬＴ', 'MẬT'],
    ['with invisible characters inside', 'M\u200bA\u0323\u200d\u0302\u00adT\ufeff', 'MẬT'],
  ] as const) {
    it(`is the same ${how}`, () => assert.equal(secrecyMark(sphere(text))?.mark, mark))
  }

  it('is not seen in longer texts, in other fields, or without its accents', async () => {
    for (const text of ['Bảo mật', 'MẬT MÃ', 'Không mật', 'MẬT.', 'M Ậ T', 'MAT', 'Nội bộ', '']) {
      assert.equal(secrecyMark(sphere(text)), null, text)
      assert.equal(secrecyMark(typed(text)), null, text)
    }
    for (const given of [
      { subject: 'MẬT' },
      { subject: 'Về việc bảo mật thông tin' },
      { content: 'TỐI MẬT' },
      { toPlaces: ['MẬT'] },
      { typerNotation: 'MẬT' },
    ]) {
      assert.equal(secrecyMark(headerWith(given)), null, JSON.stringify(given))
    }
    assert.equal(secrecyMark(await readHeader(fixture('document.edxml'))), null)
  })

  it('is what the list says, which may be another', () => {
    assert.deepEqual(secrecyMark(sphere('nội  bộ'), ['Nội bộ'])?.mark, 'Nội bộ')
    assert.equal(secrecyMark(sphere('MẬT'), ['Nội bộ']), null)
    assert.equal(secrecyMark(sphere('MẬT'), []), null)
  })
})
