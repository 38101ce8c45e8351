/** Follows a sent document until every recipient's software has it: `node track.js UID`. */
import { connect } from './connect.ts'

await using client = connect()
for await (const { organ, state, code } of client.track(process.argv[2] as string, { until: 'collected' })) {
  console.log(organ, state, code ?? '')
}
