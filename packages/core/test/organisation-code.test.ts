import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCode, isNewForm, isOldForm, levelOf, lookupKey, parentCode, toNewForm, toOldForm } from '@lienthong/core'
import fc from 'fast-check'

const number = (width: number) =>
  fc.integer({ min: 1, max: 10 ** width - 1 }).map((value) => String(value).padStart(width, '0'))
const top = fc.tuple(fc.constantFrom('G', 'H', 'K'), number(2)).map(([letter, digits]) => `${letter}${digits}`)
/** Numbers of levels 2, 3, 4 as far as used. */
const below = fc.tuple(number(2), number(2), number(3), fc.integer({ min: 0, max: 3 })).map(([y, z, v, depth]) => {
  return [y, z, v].slice(0, depth)
})
const newCodes = fc.tuple(top, below).map(([first, rest]) => [first, ...rest].join('.'))
const oldCodes = fc.tuple(top, below).map(([first, [y = '00', z = '00', v = '000']]) => `${v}.${z}.${y}.${first}`)
/** What codes are made of, in any order, and what they are not made of. */
const anything = fc.oneof(newCodes, oldCodes, fc.string(), fc.stringMatching(/^[0A-Z1.]{0,14}$/))

/** As found on the wire; none is well formed by the rule it follows, and some follow none. */
const bent = ['000.302.36.H05', '000.00.101.H05', '000.99.36.H058', '28.22.H17', '01.02.G22', '001.00.20.TT2']
const neither = ['vxp.saas.02', 'null', '', '...', 'H2', 'H29.18-05', '0101234567', 'H29..18']

describe('recognising a code', () => {
  it('knows the old form, strictly or with its bends', () => {
    for (const code of ['000.25.31.H05', '998.99.99.H05', '000.00.00.G22']) {
      assert.equal(isOldForm(code, 'strict'), true, code)
      assert.equal(isOldForm(` ${code.toLowerCase()} `), true, code)
      assert.equal(isOldForm(code.toLowerCase(), 'strict'), false, code)
    }
    for (const code of bent) {
      assert.equal(isOldForm(code), true, code)
      assert.equal(isOldForm(code, 'strict'), false, code)
      assert.equal(isNewForm(code), false, code)
    }
  })

  it('knows the new form, of any depth and at most 35 characters', () => {
    for (const code of ['H29', 'H29.18', 'H26.20.21.22.X', 'H37.DN.001', 'H29.0.162']) {
      assert.equal(isNewForm(code, 'strict'), true, code)
      assert.equal(isNewForm(code.toLowerCase()), true, code)
      assert.equal(isOldForm(code), false, code)
    }
    assert.equal(isNewForm('h29.18', 'strict'), false)
    assert.equal(isNewForm(`H29.${'1'.repeat(31)}`), true)
    assert.equal(isNewForm(`H29.${'1'.repeat(32)}`), false)
  })

  it('says of no other text that it is either', () => {
    for (const code of neither) {
      assert.equal(isOldForm(code) || isNewForm(code), false, code)
      assert.equal(levelOf(code), null, code)
      assert.equal(parentCode(code), null, code)
      assert.equal(toNewForm(code) ?? toOldForm(code), null, code)
    }
  })

  it('takes as a code what nothing else could take for its own', () => {
    for (const code of [...bent, 'vxp.saas.02', 'H29', 'lt_1-a']) assert.equal(isCode(code), true, code)
    for (const code of ['', ' H29', 'H29.*', '../H29', '.H29', 'H29#1', 'a'.repeat(36)]) {
      assert.equal(isCode(code), false, code)
    }
  })

  it('compares without regard to case and surrounding space, and changes nothing else', () => {
    assert.equal(lookupKey(' h29.x '), 'H29.X')
    for (const code of bent) assert.equal(lookupKey(code), code)
  })
})

describe('what a code says about its place', () => {
  it('is its level', () => {
    const levels = {
      H29: 1,
      'H29.18': 2,
      'H29.18.05.01': 4,
      '000.00.00.H05': 1,
      '000.00.31.H05': 2,
      '000.25.31.H05': 3,
    }
    for (const [code, level] of Object.entries(levels)) assert.equal(levelOf(code), level, code)
    assert.equal(levelOf('998.99.99.H05'), 4)
    assert.equal(levelOf('28.22.H17'), 3)
  })

  it('is its superior: the last group dropped, or the leftmost used one zeroed', () => {
    assert.equal(parentCode('h29.18.05'), 'H29.18')
    assert.equal(parentCode('H29'), null)
    assert.equal(parentCode('998.99.99.H05'), '000.99.99.H05')
    assert.equal(parentCode('000.302.36.H05'), '000.00.36.H05')
    assert.equal(parentCode('28.22.H17'), '00.22.H17')
    assert.equal(parentCode('000.00.00.H05'), null)
  })

  it('leads from any code to the top in as many steps as it has levels', () => {
    fc.assert(
      fc.property(fc.oneof(newCodes, oldCodes), (code) => {
        let steps = 1
        for (let at = parentCode(code); at !== null; at = parentCode(at)) {
          assert.ok((levelOf(at) ?? 0) < (levelOf(code) ?? 0))
          steps += 1
        }
        assert.equal(steps, levelOf(code))
      }),
    )
  })
})

describe('the other written form', () => {
  it('keeps leading zeros and drops unused levels', () => {
    assert.equal(toNewForm('000.00.18.G12'), 'G12.18')
    assert.equal(toNewForm('000.00.01.H27'), 'H27.01')
    assert.equal(toNewForm('000.302.36.H05'), 'H05.36.302')
    assert.equal(toOldForm('g12.18'), '000.00.18.G12')
    assert.equal(toOldForm('H29.9'), '000.00.09.H29')
    assert.equal(toOldForm('H29'), '000.00.00.H29')
  })

  it('does not exist where the form has no place for it', () => {
    for (const code of ['000.25.00.H05', '001.00.20.TT2', '000.99.36.H058', 'H29.18'])
      assert.equal(toNewForm(code), null)
    for (const code of ['H29.1.2.3.4', 'H37.DN.001', 'H29.0.162', '000.00.18.G12']) assert.equal(toOldForm(code), null)
  })

  it('leads back, there and the other way', () => {
    fc.assert(
      fc.property(newCodes, (code) => {
        const old = toOldForm(code)
        assert.ok(old !== null && isOldForm(old, 'strict'))
        assert.equal(toNewForm(old), code)
        assert.equal(levelOf(old), levelOf(code))
      }),
    )
    fc.assert(fc.property(oldCodes, (code) => assert.equal(toOldForm(toNewForm(code) ?? ''), code)))
  })

  it('is of that form whatever is given, and has no third', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const [newForm, oldForm] = [toNewForm(text), toOldForm(text)]
        assert.ok(newForm === null || (isOldForm(text) && isNewForm(newForm, 'strict')))
        assert.ok(oldForm === null || (isNewForm(text) && isOldForm(oldForm)))
        assert.ok(newForm === null || oldForm === null)
      }),
      { numRuns: 500 },
    )
  })
})
