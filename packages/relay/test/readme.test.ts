import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { pipeline } from '../src/pipeline.ts'

describe('README', () => {
  it('names the steps of the pipeline in their order', () => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const table = text.slice(text.indexOf('| step'), text.indexOf('## What ends where'))

    const written = [...table.matchAll(/^\| (\w+) *\|/gm)].map((match) => match[1]).filter((name) => name !== 'step')

    assert.deepEqual(
      written,
      pipeline.map(([name]) => name),
    )
  })
})
