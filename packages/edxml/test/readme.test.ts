import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  attachmentWarnings,
  defaultAttachmentLimits,
  defaultLimits,
  defaultSignaturePolicy,
  headerWarnings,
  packetFindings,
  refusals,
} from '../src/index.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function firstColumn(heading: string): readonly string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'why' && name !== 'code')
}

describe('README', () => {
  it('lists every refusal and no other', () => {
    assert.deepEqual(firstColumn('Reasons of NOT_EDXML'), Object.keys(refusals))
  })

  it('lists every warning about attachments, with what becomes of the content', () => {
    const section = readme.split('## Warnings about attachments\n')[1]?.split('\n## ')[0] ?? ''
    const rows = [...section.matchAll(/^\| `([A-Z0-9_]+)` +\| (given|refused) +\|/gm)].map(([, code, then]) => [
      code,
      then,
    ])
    assert.deepEqual(rows, Object.entries(attachmentWarnings))
  })

  it('lists every warning about headers and no other', () => {
    assert.deepEqual(firstColumn('Warnings about headers'), Object.keys(headerWarnings))
  })

  it('lists every rule of a packet, with how bad it is to break it', () => {
    const section = readme.split('## Rules of a packet\n')[1]?.split('\n## ')[0] ?? ''
    const rows = [...section.matchAll(/^\| `([A-Z_]+)` +\| (error|warning) +\|/gm)].map(([, code, severity]) => [
      code,
      severity,
    ])
    assert.deepEqual(
      rows,
      Object.entries(packetFindings).map(([code, { severity }]) => [code, severity]),
    )
  })

  it('lists every option of the reader and no other', () => {
    assert.deepEqual(firstColumn('Options of the reader'), Object.keys(defaultLimits))
    assert.deepEqual(firstColumn('Options for attachments'), Object.keys(defaultAttachmentLimits))
  })

  it('lists every option of a signature policy and no other', () => {
    assert.deepEqual(firstColumn('Options of a signature policy'), Object.keys(defaultSignaturePolicy))
  })
})
