/** Tells the sender of a received document how far it has come: `node say-status.js ITEM accepted [DESCRIPTION]`. */
import type { StatusName } from '@lienthong/client'
import { connect } from './connect.ts'

const [, , id, name, description] = process.argv
await using client = connect()
const item = await client.item(Number(id))
const { uid } = await item.status[name as StatusName](description === undefined ? {} : { description })
console.log(uid)
