/** What an operation answers: members of the envelope, or a body that is written as it comes. */
import { Readable } from 'node:stream'
import { success } from './envelope.ts'

export interface StreamedAnswer {
  readonly type: string
  /** null = not known beforehand. */
  readonly bytes: number | null
  readonly body: Readable
}

export type Answer = { readonly members: Readonly<Record<string, unknown>> } | StreamedAnswer

export const json = 'application/json; charset=utf-8'

/** Rows gathered before they are written. */
const rowsAtOnce = 64

/** `data` as a list. */
export function listAnswer(rows: AsyncIterable<object> | Iterable<object>): StreamedAnswer {
  return { type: json, bytes: null, body: Readable.from(listText(rows), { objectMode: false }) }
}

async function* listText(rows: AsyncIterable<object> | Iterable<object>): AsyncGenerator<string> {
  const [head, tail] = around('[', ']')
  yield head
  let written = 0
  let gathered: string[] = []
  for await (const row of rows) {
    gathered.push(`${written === 0 ? '' : ','}${JSON.stringify(row)}`)
    written += 1
    if (gathered.length < rowsAtOnce) continue
    yield gathered.join('')
    gathered = []
  }
  yield gathered.join('') + tail
}

/** `data` as one string of base64, of a body of `size` bytes. */
export function base64Answer(body: AsyncIterable<Uint8Array>, size: number): StreamedAnswer {
  const [head, tail] = around('"', '"')
  const bytes = head.length + 4 * Math.ceil(size / 3) + tail.length
  return { type: json, bytes, body: Readable.from(base64Text(body, [head, tail]), { objectMode: false }) }
}

async function* base64Text(
  body: AsyncIterable<Uint8Array>,
  [head, tail]: readonly [string, string],
): AsyncGenerator<string> {
  yield head
  let rest = Buffer.alloc(0)
  for await (const chunk of body) {
    const held =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk])
    const whole = held.length - (held.length % 3)
    // A copy: the source may use its buffer again.
    rest = Buffer.from(held.subarray(whole))
    if (whole > 0) yield held.toString('base64', 0, whole)
  }
  yield rest.toString('base64') + tail
}

function around(open: string, close: string): readonly [string, string] {
  return [`${JSON.stringify(success()).slice(0, -1)},"data":${open}`, `${close}}`]
}

/** The packet itself. */
export function fileAnswer(body: AsyncIterable<Uint8Array>, size: number): StreamedAnswer {
  return { type: 'application/octet-stream', bytes: size, body: Readable.from(body, { objectMode: false }) }
}
