import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHeaderReader } from '../src/index.ts'
import { readingOf } from './hostile-kit.ts'
import { besideEnvelope, boundsEach, enough, head, recipient, recipientCases, sizeCases } from './size-kit.ts'

describe('the size of a header', () => {
  boundsEach(recipientCases, 1)
  // An eighth of the limits here, the whole of them in the long run.
  boundsEach(sizeCases, 1 / 8)

  it('takes as many recipients as it says, and not one more', () => {
    const envelope = (to: string): Buffer =>
      Buffer.from(`${head}${to}</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>`)
    assert.equal(readingOf(envelope(recipient.repeat(100_000))).header?.to.length, 100_000)
    assert.equal(readingOf(envelope(recipient.repeat(100_001))).error?.detail['why'], 'too-many-entries')
  })

  it('walks over attachments in front whose content is text, CDATA and comments, at no cost but that of looking', () => {
    const start = process.cpuUsage()
    const reader = openHeaderReader()
    reader.write(Buffer.from(besideEnvelope))
    const block = Buffer.from(
      `${'QUJD'.repeat(10_000)}<![CDATA[${'>'.repeat(10_000)}]]><!--${'>'.repeat(10_000)}-->&amp;`,
    )
    for (let sent = 0; sent < enough; sent += block.length) reader.write(block)
    const { user, system } = process.cpuUsage(start)
    assert.ok((user + system) / 1000 < 3000, `took ${(user + system) / 1000} ms`)
  })
})
