/** Looks for organisations by words of their names: `node search.js so noi vu`. */
import { connect } from './connect.ts'

await using client = connect()
for await (const { id, name, open } of client.organisations.search(process.argv.slice(2).join(' '))) {
  if (open) console.log(id, name)
}
