/** Takes documents out of the mailbox for ever, or until there are enough: `node receive.js FOLDER [COUNT]`. */
import { join } from 'node:path'
import { connect } from './connect.ts'

const [, , folder = '.', count = 'Infinity'] = process.argv
await using client = connect()
let left = Number(count)
for await (const item of client.receive({ kind: 'document' })) {
  await item.save(join(folder, `${item.uid}.edxml`))
  await item.ack()
  console.log(item.id, item.from, item.number)
  left -= 1
  if (left <= 0) break
}
