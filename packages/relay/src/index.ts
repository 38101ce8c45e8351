export type {
  EndingHealth,
  IssuedKey,
  LinkDoor,
  LinkView,
  NodeHealth,
  OperatorChange,
  OperatorDoor,
  OperatorView,
} from './admin-doors.ts'
export type { AdministrationDoor, AnnouncementView, DeclaredChange, DirectoryStep } from './administration.ts'
export type { BridgeDoor, BridgeOverlaps } from './bridge-door.ts'
export type { BundleDoor, SentBundle } from './bundle-door.ts'
export type {
  LogFields,
  NodeConfig,
  NodeLimits,
  NodeStatus,
  RelayEvent,
  RelayHost,
  RelayLog,
  RelayNode,
  SubmitReply,
  SubmitRequest,
  SubmitWarning,
  SystemAccount,
} from './contract.ts'
export type {
  DiagnosisDoor,
  Patience,
  PingReply,
  TracedHop,
  TraceReply,
  WhereDocument,
  WhereQuestion,
  WhereRecipient,
} from './diagnosis-door.ts'
export type {
  CredentialKind,
  CredentialView,
  DueHook,
  FigureName,
  HookDoor,
  IssuedCredentials,
  LeasedItem,
  ListOptions,
  MailboxDoor,
  NewSystem,
  NodeChange,
  NodeDoors,
  Notice,
  Probe,
  ProbePart,
  Rotation,
  SentDoor,
  SystemChange,
  SystemDoor,
  SystemView,
  UploadDoor,
  WaitOptions,
} from './doors.ts'
export { credentialKinds, figureTable } from './doors.ts'
export type {
  InvitationView,
  InvitedChild,
  InviteOptions,
  JoiningDoor,
  JoinOutcome,
  Leaving,
  Revoking,
} from './joining.ts'
export type { ChildAccount, DirectoryView, LivingDirectory, LivingParts, ParentAccess } from './living.ts'
export type { Act, MembershipDoor } from './membership.ts'
export { openNode } from './open-node.ts'
export type { SignaturePolicy, SignatureRules } from './packet-signature.ts'
export { signaturePolicies } from './packet-signature.ts'
export { pipeline } from './pipeline.ts'
export type { SplitDecided, SplitDoor, SplitOrder, SplitView } from './split-door.ts'
