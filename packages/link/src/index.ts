export type { Question } from './ask-once.ts'
export { askOnce } from './ask-once.ts'
export { createBrokerAdmin, openBrokers } from './broker-admin.ts'
export { connectionDefaults, openConnection } from './connection.ts'
export type {
  BrokerAddress,
  BrokerAdmin,
  BrokerAdminOptions,
  Brokers,
  Connection,
  ConnectionOptions,
  ConnectionStatus,
  ControlAnswer,
  Delivery,
  Hello,
  LinkPhase,
  LinkStatus,
  MessageType,
  Names,
  OutMessage,
  ParentLink,
  ParentLinkOptions,
  PathEntry,
  QueueLimits,
  Receiver,
  ReceiverOptions,
  SealingKey,
  Segment,
  Sender,
  SenderOptions,
  SendOutcome,
  Topology,
} from './contract.ts'
export { messageTypes } from './contract.ts'
export { answerControl } from './control.ts'
export { names } from './names.ts'
export { openParentLink } from './parent-link.ts'
export { senderDefaults } from './sender.ts'
export { queueLimitDefaults } from './topology.ts'
export { decodeAnnouncement, sealAnnouncement } from './wire/announcement.ts'
export type { BatchCollector, OpenedBatch } from './wire/announcement-batch.ts'
export { batchesOf, collectBatches, openBatch } from './wire/announcement-batch.ts'
export { decodeCore, encodeCore, uidOf } from './wire/core.ts'
export type { DirectoryEntry, DirectoryMessage } from './wire/directory-message.ts'
export {
  decodeDirectoryMessage,
  directoryDigest,
  directoryEntryOf,
  encodeDirectoryMessage,
  maxDirectoryEntries,
} from './wire/directory-message.ts'
export type { BrokenSegment } from './wire/frame.ts'
export { decodeFrame, encodeFrame } from './wire/frame.ts'
export type { HandedList } from './wire/handover.ts'
export { decodeHandover, encodeHandover } from './wire/handover.ts'
export { decodeHello, encodeHello } from './wire/hello.ts'
export type { Invitation, JoinAnswer, JoinGrant, JoinRequest, PublicAddress } from './wire/join.ts'
export {
  decodeJoinAnswer,
  decodeJoinRequest,
  encodeJoinAnswer,
  encodeJoinRequest,
  grantLine,
  invitationLine,
  makeJoinRequest,
  readGrantLine,
  readInvitationLine,
  readRequestLine,
  requestLine,
} from './wire/join.ts'
export { frameHeadBytes, maxSegments, wireVersion, wireVersions } from './wire/limits.ts'
export type { KeyFinder, Verifier } from './wire/seal.ts'
export { createVerifier, nodeOf, seal, sealedBy, sealHolds, verify, verifySignature } from './wire/seal.ts'
export { createSealingKey, sealingKeyFromPem, sealingKeyToPem } from './wire/sealing-key.ts'
export { segmentSize } from './wire/segment.ts'
export { decodeSignals, encodeSignals } from './wire/signals.ts'
export type { Survey, SurveyAnswer } from './wire/survey.ts'
export { decodeSurvey, decodeSurveyAnswer, encodeSurvey, encodeSurveyAnswer, surveysOf } from './wire/survey.ts'
