export type { ErrorCode, Language, OrganId, RecallOutcome } from '@lienthong/core'
export { RelayError, sentence } from '@lienthong/core'
export type { PacketHeader } from '@lienthong/edxml'
export type {
  AmqpOptions,
  CallOptions,
  Client,
  ClientOptions,
  ClosedCode,
  DocumentKey,
  FoundOrganisation,
  OrganisationFinder,
  OrganisationList,
  PacketSource,
  Recall,
  RecallOptions,
  ReceivedItem,
  ReceiveOptions,
  RecipientOutcome,
  Said,
  SentDocument,
  StatusName,
  SubmitOptions,
  Submitted,
  TakeBackOptions,
  TakenBack,
  TrackOptions,
} from './contract.ts'
export { openClient } from './open-client.ts'
export type { VerifiedWebhook, WebhookCall } from './webhook.ts'
export { verifyWebhook } from './webhook.ts'
