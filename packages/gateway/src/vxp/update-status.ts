import { invalid, required } from './fields.ts'
import { findReceived } from './find-received.ts'
import type { Operation } from './operation.ts'

/** How far the client is with a received packet. `done` acknowledges it, for good. */
export const updateStatus: Operation = async (call) => {
  const state = required(call.fields, 'status').toLowerCase()
  if (state !== 'processing' && state !== 'done' && state !== 'fail') throw invalid('status')
  const { organ, item } = await findReceived(call)
  const { mailbox } = call.node
  if (state === 'done') await mailbox.acknowledge(organ, item.id)
  else await mailbox.mark(organ, item.id, state)
  return { members: {} }
}
