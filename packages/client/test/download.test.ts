import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it } from 'node:test'
import { download } from '../src/download.ts'
import type { HttpLine } from '../src/http.ts'

it('counts no time against the node while the reader works on what it has', async () => {
  const bytes = Buffer.from('a packet')
  const heard: string[] = []
  const http = {
    closing: new AbortController().signal,
    patience: () => ({ wait: async () => void heard.push('wait'), renew: () => void heard.push('renew') }),
    open: async () => new Response(bytes),
  } as unknown as HttpLine
  const sha256 = createHash('sha256').update(bytes).digest('hex')

  for await (const _ of download(http, { path: '/', size: bytes.length, sha256 }, undefined)) heard.push('worked')

  assert.deepEqual(heard, ['worked', 'renew'])
})
