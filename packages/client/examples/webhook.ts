/** Takes webhooks that are the node's, and no others: `node webhook.js`, with LIENTHONG_WEBHOOK_SECRET. */
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verifyWebhook } from '@lienthong/client'
import { setting } from './connect.ts'

async function take(call: IncomingMessage): Promise<void> {
  const { headers } = call
  const { id, event } = verifyWebhook({ headers, body: await buffer(call) }, setting('LIENTHONG_WEBHOOK_SECRET'))
  console.log(id, JSON.stringify(event))
}

const server = createServer((call, answer) => {
  const say = (status: number) => () => answer.writeHead(status).end()
  take(call).then(say(204), say(401))
})
server.listen(0, '127.0.0.1', () => console.log(server.address()))
