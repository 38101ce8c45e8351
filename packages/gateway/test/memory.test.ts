import { it } from 'node:test'
import { largeDocumentStaysOnDisk } from './memory.ts'

it('a large document and slow callers do not grow memory', async (t) => {
  await largeDocumentStaysOnDisk(t, { megabytes: 256, callers: 50 })
})
