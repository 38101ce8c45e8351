import { base64Answer, fileAnswer } from './answer.ts'
import { findReceived } from './find-received.ts'
import type { Operation } from './operation.ts'

/** The packet as one string of base64. `filePath` is the client's own folder. */
export const getEdoc: Operation = async (call) => {
  const { item, body } = await read(call)
  return base64Answer(body, item.payload.size)
}

/** The packet as it is, for clients that write the answer to a file. */
export const downloadEdoc: Operation = async (call) => {
  const { item, body } = await read(call)
  return fileAnswer(body, item.payload.size)
}

async function read(call: Parameters<Operation>[0]) {
  const { organ, item } = await findReceived(call)
  return call.node.mailbox.read(organ, item.id)
}
