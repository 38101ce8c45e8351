/** Golden calls: the bytes of a request as they go over the socket, and those of its answer, in files side by side. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

export interface GoldenCall {
  readonly name: string
  readonly request: Buffer
  readonly answer: WireAnswer
}

export interface WireAnswer {
  readonly status: number
  /** Only those that an answer file names are compared. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const folder = fileURLToPath(new URL('../../../conformance/vxp/cases/', import.meta.url))
const headersEnd = '\r\n\r\n'
const deadlineMs = 10_000

export function goldenCalls(): readonly GoldenCall[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.request.http'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => ({
      name: file.slice(0, -'.request.http'.length),
      request: readFileSync(`${folder}${file}`),
      answer: answerIn(readFileSync(`${folder}${file.replace('.request.', '.answer.')}`)),
    }))
}

/** Sends the bytes on a connection of their own; after `Expect`, the body only once it is asked for. */
export async function exchange(url: string, request: Buffer): Promise<WireAnswer & { readonly continued: boolean }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setTimeout(deadlineMs, () => socket.destroy(new Error('no answer')))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = once(socket, 'close')
  const received = () => Buffer.concat(chunks).toString('latin1')
  const bodyAt = request.indexOf(headersEnd) + headersEnd.length
  const expects = /^expect: 100-continue\r$/im.test(request.subarray(0, bodyAt).toString('latin1'))
  socket.write(request.subarray(0, bodyAt))
  const interim = `HTTP/1.1 100 Continue${headersEnd}`
  if (expects) while (received() === '') await once(socket, 'data')
  const continued = received().startsWith(interim)
  socket.write(request.subarray(bodyAt))
  await ended
  return { ...answerIn(Buffer.from(received().slice(continued ? interim.length : 0), 'latin1')), continued }
}

/** Of a connection that closes behind it, so that it ends where the bytes end. */
function answerIn(bytes: Buffer): WireAnswer {
  const bodyAt = bytes.indexOf(headersEnd) + headersEnd.length
  const [first = '', ...lines] = bytes.subarray(0, bodyAt).toString('latin1').trimEnd().split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = bytes.subarray(bodyAt)
  const isChunked = headers['transfer-encoding'] === 'chunked'
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]),
    headers,
    body: (isChunked ? unchunked(body) : body).toString('utf8'),
  }
}

function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, lineEnd).toString('latin1'), 16)
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}

/** Instants differ from run to run. */
export function withoutTimes(body: string): string {
  return body.replaceAll(/"\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}"/g, '"<time>"')
}
