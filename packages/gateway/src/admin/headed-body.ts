/** An answer with bytes behind a head of JSON. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { errorTrailer, itemBytesHeader, refusalOf } from './protocol.ts'

export interface HeadedBody {
  readonly head: unknown
  readonly body: AsyncIterable<Uint8Array>
  /** Of a body that breaks off after the status has been sent. */
  readonly report: (error: unknown) => void
}

export async function sendHeaded(response: ServerResponse, { head, body, report }: HeadedBody): Promise<void> {
  const written = Buffer.from(JSON.stringify(head))
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    [itemBytesHeader]: String(written.length),
    trailer: errorTrailer,
  })
  response.write(written)
  try {
    await writeAll(response, body)
  } catch (error) {
    report(error)
    response.addTrailers({ [errorTrailer]: JSON.stringify(refusalOf(error)) })
  }
  response.end()
}

/** Writes at the reader's speed; stops taking from `body` when the reader has gone. */
async function writeAll(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  const gone = new AbortController()
  const leave = () => gone.abort()
  response.once('close', leave)
  try {
    for await (const chunk of body) {
      if (response.destroyed) return
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined)
    }
  } finally {
    response.off('close', leave)
  }
}
