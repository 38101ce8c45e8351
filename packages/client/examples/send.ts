/** Hands a packet in, of any size: `node send.js document.edxml`. Prints its uid. */
import { connect } from './connect.ts'

await using client = connect()
const { uid, recipients } = await client.submit(process.argv[2] as string)
console.log(uid)
for (const { organ, outcome } of recipients) console.log(organ, outcome)
