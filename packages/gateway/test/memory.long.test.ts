import { it } from 'node:test'
import { largeDocumentStaysOnDisk } from './memory.ts'

it('a gibibyte and 200 slow callers do not grow memory', async (t) => {
  await largeDocumentStaysOnDisk(t, { megabytes: 1024, callers: 200 })
})
