/** Hands in what comes through standard input, to recipients of one's own choice: `node send-stream.js H29.02 < document.edxml`. */
import { connect } from './connect.ts'

await using client = connect()
const { uid } = await client.submit(process.stdin, { to: process.argv.slice(2) })
console.log(uid)
