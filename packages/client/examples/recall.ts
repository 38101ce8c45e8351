/** Asks for a sent document back: `node recall.js UID REASON`. The answers come as statuses 15 and 16. */
import { connect } from './connect.ts'

const [, , uid = '', reason = ''] = process.argv
await using client = connect()
for (const { organ } of await client.takeBack(uid, reason)) console.log(organ)
