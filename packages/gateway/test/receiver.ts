/** Document software that is told of things: a server that notes what comes and answers as it is asked to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Teardown } from './real-node.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the body. */
  // oxlint-disable-next-line typescript/no-explicit-any -- read by tests
  readonly json: any
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
}

export async function openReceiver(
  t: Teardown,
  answer: (answer: ServerResponse, received: Received) => void = (each) => void each.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((call, reply) => {
    let body = ''
    call.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    call.on('end', () => {
      const one = { path: call.url ?? '', headers: call.headers, body, json: JSON.parse(body) as unknown }
      received.push(one)
      answer(reply, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}
