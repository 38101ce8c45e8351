/** Answers a received document with one of one's own: `node reply.js ITEM NUMBER letter.pdf`. */
import { createReadStream } from 'node:fs'
import { writeDocument } from '@lienthong/edxml'
import { connect, setting } from './connect.ts'

const [, , id, number = '', file = ''] = process.argv
await using client = connect()
const { from: to, documentId } = await (await client.item(Number(id))).header()
const { id: organId, name: organName } = await client.organisations.get(setting('LIENTHONG_AS'))
const today = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
const named = { documentId: `${organId},${today},${number}`, code: { number, notation: 'UBND-VP' } }
const about = { subject: 'Trả lời công văn', promulgationDate: today, documentType: { type: 1, typeName: 'Công văn' } }
const rest = { signer: { fullName: 'Văn thư' }, responseFor: [{ organId: to.organId, documentId }] }
const attachments = [{ name: 'letter.pdf', contentType: 'application/pdf', content: createReadStream(file) }]
const packet = writeDocument({ from: { organId, organName }, to: [to], ...named, ...about, ...rest, attachments })
console.log((await client.submit(packet)).uid)
