export type {
  LogFields,
  MailboxDoor,
  NodeConfig,
  NodeLimits,
  NodeStatus,
  RelayEvent,
  RelayHost,
  RelayLog,
  RelayNode,
  SubmitReply,
  SubmitRequest,
  SystemAccount,
} from './contract.ts'
export { openNode } from './open-node.ts'
export { pipeline } from './pipeline.ts'
