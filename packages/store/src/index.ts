export type { DeadLetter, LedgerStore, PayloadStore, Store, StoreHost, StoreOptions } from './contract.ts'
export type { AssemblyFile, AssemblyState, AssemblyStore } from './contract-assemblies.ts'
export type {
  BundleRecord,
  BundleStore,
  BundleUnderWay,
  TakeBundleOutcome,
  TakeBundleRequest,
} from './contract-bundles.ts'
export type {
  DirectoryChange,
  DirectoryState,
  DirectoryStore,
  InvitationRecord,
  NeighbourRecord,
  StoredAnnouncement,
  UnchangedVersion,
} from './contract-directory.ts'
export type {
  BusinessStatus,
  DocumentName,
  Headline,
  Moved,
  PayloadRef,
  Sealed,
  StagedPayload,
} from './contract-documents.ts'
export type {
  AccessStore,
  ActRecord,
  CredentialRecord,
  CredentialValue,
  HookEvent,
  HookKey,
  HookRecord,
  HookStore,
  HopBacklog,
  LinkStore,
  OperatorKeyRecord,
  OperatorRecord,
  SealedHook,
  SealedSecret,
  SentChange,
  StoreFigures,
  SystemRecord,
  UploadKey,
  UploadState,
  UploadStore,
  VaultKey,
} from './contract-doors.ts'
export type {
  HandOverRequest,
  HandoverProgress,
  HandoverStore,
  KeptPart,
  LeavingRows,
  RowDecided,
  RowDecision,
  RowGroup,
  RowKey,
  SplitStore,
  TakeOverOutcome,
  TakeOverRequest,
} from './contract-handover.ts'
export type {
  Acknowledged,
  CollectedNotice,
  DeliverOutcome,
  DeliverRequest,
  MailboxStore,
  MailItem,
} from './contract-mailbox.ts'
export type {
  AcceptCore,
  AcceptOutcome,
  AcceptRequest,
  DispatchItem,
  DueQuery,
  JudgedSignal,
  NamedDocument,
  OutboxStore,
  SentOptions,
  SignalOutcome,
  TrackedDocument,
  TrackedRecall,
  TrackedRecipient,
  TrackKey,
  TrafficOptions,
  TrafficPage,
  UnsettledSending,
  WrittenCode,
} from './contract-outbox.ts'
export { startStoreHost } from './host.ts'
export type { ChainReport } from './verify.ts'
export { verifyEvents } from './verify.ts'
