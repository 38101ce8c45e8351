import assert from 'node:assert/strict'
import { it } from 'node:test'
import { RelayError } from '@lienthong/core'
import { defaultLimits, openHeaderReader, type ReaderLimits, type Refusal } from '../src/index.ts'
import { namespace102 } from './fixture.ts'
import { growth } from './memory-kit.ts'

export const head = `<edXML xmlns="${namespace102}"><edXMLEnvelope><edXMLHeader><MessageHeader><From><OrganId>H29</OrganId></From><DocumentId>d</DocumentId>`
export const besideEnvelope = `<edXML xmlns="${namespace102}"><A>`
export const recipient = '<To><OrganId>H26</OrganId></To>'
const mebibyte = 1024 * 1024
/** Processor time counts up to so many times more on a machine that is busy; work that grows beyond bounds costs far more. */
const busy = 3
/** Bytes a sender may go on for, far beyond every limit. */
export const enough = 33e6

type SizeCase = readonly [
  name: string,
  why: Refusal,
  unit: string,
  options?: { readonly front?: string; readonly cpuMs?: number },
]

/** How long the slowest of them takes per megabyte is what `maxHeaderLength` and `maxElements` are chosen by. */
export const sizeCases: readonly SizeCase[] = [
  ['unknown elements', 'too-many-elements', '<z/>'],
  ['repeated fields', 'too-many-elements', '<Subject>x</Subject>'],
  [
    'lists of lists',
    'too-many-elements',
    `<Receiver/>`.repeat(50_000) + '</ReceiverList></BussinessDocumentInfo><BussinessDocumentInfo><ReceiverList>',
    { front: `${head}</MessageHeader><TraceHeaderList><Bussiness><BussinessDocumentInfo><ReceiverList>` },
  ],
  ['elements in front of the envelope', 'too-many-elements', '<z/>', { front: besideEnvelope }],
  ['attributes', 'header-too-large', `<z ${Array.from({ length: 64 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  [
    'attributes in front of the envelope',
    'header-too-large',
    `<z ${Array.from({ length: 64 }, (_, i) => `a${i}=""`).join(' ')}/>`,
    { front: besideEnvelope },
  ],
  ['declarations', 'header-too-large', `<z ${Array.from({ length: 64 }, (_, i) => `xmlns:a${i}="u"`).join(' ')}/>`],
  ['nests of declarations', 'too-many-elements', '<a xmlns:p="u">'.repeat(55) + '</a>'.repeat(55)],
  ['comments', 'header-too-large', '<!---->'],
  ['comments in a field', 'header-too-large', `<Subject>${'<!---->'.repeat(4000)}</Subject>`],
  ['instructions', 'header-too-large', '<?p?>'],
  ['CDATA', 'header-too-large', '<![CDATA[]]>'],
  ['references', 'header-too-large', `<z>${'&amp;'.repeat(10_000)}</z>`],
  ['references by number', 'header-too-large', `<z>${'&#65;'.repeat(10_000)}</z>`],
  ['line breaks', 'header-too-large', `<z>${'\r\n'.repeat(30_000)}</z>`],
  // The parser is fed up to one of these at a time
  ['angle brackets in texts', 'header-too-large', `<z>${'>'.repeat(60_000)}</z>`, { cpuMs: 4000 }],
  ['angle brackets in comments', 'header-too-large', `<!--${'>'.repeat(60_000)}-->`, { cpuMs: 4000 }],
  [
    'angle brackets in attributes in front of the envelope',
    'header-too-large',
    `<z a="${'>'.repeat(60_000)}"/>`,
    { front: besideEnvelope, cpuMs: 4000 },
  ],
]

/** As many as `maxEntries` says, whatever the share. */
export const recipientCases: readonly SizeCase[] = [
  ['a million recipients', 'too-many-entries', recipient, { cpuMs: 1000 }],
  ['six million recipients of nothing', 'too-many-entries', '<To/>'],
]

/** Each case against a `share` of the limits, in that share of the time. */
export function boundsEach(cases: readonly SizeCase[], share: number): void {
  const limits: ReaderLimits = {
    maxHeaderLength: defaultLimits.maxHeaderLength * share,
    maxElements: defaultLimits.maxElements * share,
  }
  for (const [name, why, unit, { front = head, cpuMs = 2500 } = {}] of cases) {
    it(`is bounded in time and memory by ${why} against endless ${name}`, async () => {
      const { refused, grown, ms } = await endless(front, unit, limits)
      assert.ok(refused instanceof RelayError, String(refused))
      assert.deepEqual([refused.code, refused.detail['why']], ['NOT_EDXML', why])
      assert.ok(grown < 64 * mebibyte, `grew by ${grown / mebibyte} MiB`)
      assert.ok(ms < busy * (200 + cpuMs * share), `took ${ms} ms`)
    })
  }
}

async function endless(
  front: string,
  unit: string,
  limits: ReaderLimits,
): Promise<{ readonly refused: unknown; readonly grown: number; readonly ms: number }> {
  const block = Buffer.from(unit.repeat(Math.ceil(60_000 / unit.length)))
  let refused: unknown = null
  const start = process.cpuUsage()
  const grown = await growth(async (sample) => {
    const reader = openHeaderReader(limits)
    try {
      reader.write(Buffer.from(front))
      for (let sent = 0; sent < enough; sent += block.length) {
        reader.write(block)
        sample()
      }
    } catch (error) {
      refused = error
    }
    sample()
  })
  const { user, system } = process.cpuUsage(start)
  return { refused, grown, ms: (user + system) / 1000 }
}
