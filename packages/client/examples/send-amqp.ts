/** Hands a packet in over AMQP: `node send-amqp.js document.edxml`, with LIENTHONG_AMQP_URL, _SYSTEM and _SECRET. */
import { connect, setting } from './connect.ts'

const amqp = {
  url: setting('LIENTHONG_AMQP_URL'),
  system: setting('LIENTHONG_AMQP_SYSTEM'),
  password: setting('LIENTHONG_AMQP_SECRET'),
}
await using client = connect({ amqp })
console.log((await client.submit(process.argv[2] as string)).uid)
