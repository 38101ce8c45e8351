import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { defaultLimits, refusals } from '../src/index.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function firstColumn(heading: string): readonly string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = '']) => name).filter((name) => name !== 'why')
}

describe('README', () => {
  it('lists every refusal and no other', () => {
    assert.deepEqual(firstColumn('Reasons of NOT_EDXML'), Object.keys(refusals))
  })

  it('lists every option of the reader and no other', () => {
    assert.deepEqual(firstColumn('Options of the reader'), Object.keys(defaultLimits))
  })
})
