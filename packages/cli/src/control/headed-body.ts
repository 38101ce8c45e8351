/** An answer with bytes behind a head of JSON. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { RelayError } from '@lienthong/core'
import { errorOf, errorTrailer, itemBytesHeader } from '@lienthong/gateway/admin-protocol'
import { ask, type NodeAddress, type Query, translated } from './transport.ts'

/**
 * The body must be read to its end, or left by `return`, to free the connection. It throws DIGEST_MISMATCH at its end when
 * the bytes are not those that the head names.
 */
export async function readHeaded<Head extends { readonly uid: string }>(
  node: NodeAddress,
  path: string,
  query: Query,
  digestOf: (head: Head) => string,
): Promise<{ readonly head: Head; readonly body: AsyncIterable<Uint8Array> }> {
  const { response, release } = await ask({ node, method: 'GET', path, query })
  try {
    const { head: written, rest } = await splitHead(response, Number(response.headers[itemBytesHeader]))
    const head = JSON.parse(written.toString()) as Head
    const expected = { uid: head.uid, sha256: digestOf(head) }
    return { head, body: checkedBody({ response, release, rest, expected, node }) }
  } catch (error) {
    release()
    throw translated(error, node)
  }
}

async function splitHead(response: IncomingMessage, headBytes: number): Promise<{ head: Buffer; rest: Buffer }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= headBytes) break
  }
  if (!(length >= headBytes)) throw new RelayError('INTERNAL')
  const all = Buffer.concat(chunks)
  return { head: all.subarray(0, headBytes), rest: all.subarray(headBytes) }
}

async function* checkedBody(part: {
  response: IncomingMessage
  release: () => void
  rest: Buffer
  expected: { readonly uid: string; readonly sha256: string }
  node: NodeAddress
}): AsyncIterable<Uint8Array> {
  const { response, release, rest, expected, node } = part
  const hash = createHash('sha256')
  try {
    if (rest.length > 0) {
      hash.update(rest)
      yield rest
    }
    for await (const chunk of response as AsyncIterable<Buffer>) {
      hash.update(chunk)
      yield chunk
    }
    const refusal = response.trailers[errorTrailer]
    if (refusal !== undefined) throw errorOf(refusal)
    if (hash.digest('hex') !== expected.sha256)
      throw new RelayError('DIGEST_MISMATCH', { detail: { uid: expected.uid } })
  } catch (error) {
    throw translated(error, node)
  } finally {
    release()
  }
}
