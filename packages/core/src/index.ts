export type {
  ArrivalType,
  ChangeType,
  HookEventType,
  OperatorRole,
  PacketKind,
  SystemScope,
  TransportState,
} from './access.ts'
export {
  arrivalTypes,
  changeTypes,
  hookEventTypes,
  mayAct,
  operatorRoles,
  packetKinds,
  systemScopes,
  transportStates,
} from './access.ts'
export { AckLedger } from './ack-ledger.ts'
export type { AlertRetry, AlertWay, AlertWayStep, QueuedAlert } from './alert-queue.ts'
export {
  alertFailed,
  alertPatienceMs,
  alertTold,
  defaultAlertRetry,
  emptyAlertWay,
  maxQueuedAlerts,
  queueAlert,
} from './alert-queue.ts'
export { alertBody, alertSentence, alertSubject } from './alert-text.ts'
export type {
  AlertChange,
  AlertCondition,
  AlertKind,
  AlertNews,
  AlertObservation,
  AlertObservations,
  AlertTiming,
} from './alerts.ts'
export { alertChanges, alertKindNames, alertKinds, watchAlerts } from './alerts.ts'
export type {
  AnnouncedChild,
  AnnouncedOrganisation,
  Announcement,
  AnnouncementRank,
  AnnouncementVersion,
  SignedAnnouncement,
} from './announcement.ts'
export { compareAnnouncements, compareVersions, rankOf } from './announcement.ts'
export type { Acceptance, AcceptedSet, RefusedAnnouncement } from './announcement-accept.ts'
export { acceptAnnouncements, knownKeysOf, nothingAccepted } from './announcement-accept.ts'
export type { AnnouncementFault } from './announcement-form.ts'
export { announcementFault } from './announcement-form.ts'
export type { KnownKeys, VerifyAnnouncement } from './announcement-keys.ts'
export type { Merged, MergeRemark } from './announcement-merge.ts'
export { mergeAnnouncements } from './announcement-merge.ts'
export type { Judge, Place } from './announcement-walk.ts'
export type { Bitmap } from './assembly.ts'
export { emptyBitmap, hasSegment, isComplete, missingOf, segmentsOf, withSegments } from './assembly.ts'
export type { BridgeKnowledge } from './bridge-facts.ts'
export { bridgeFacts } from './bridge-facts.ts'
export type {
  BridgeEcho,
  BridgeFacts,
  BridgeFault,
  BridgeItem,
  BridgeLine,
  BridgeNode,
} from './bridging.ts'
export { bridgeDays, bridgeReadiness } from './bridging.ts'
export type { BusinessState, ChangeState, StatusReport } from './business-status.ts'
export { applyStatus, furtherStatus, noStatus, statusCodes } from './business-status.ts'
export type { Language, Sentence } from './catalogue.ts'
export { fill, languages, sentence } from './catalogue.ts'
export type { Phrase, PhraseKey, PhraseValues, PlainPhraseKey } from './catalogue-phrases.ts'
export { phrase, phrases } from './catalogue-phrases.ts'
export type { ClaimGround, Claims, Overlap, OverlapKind } from './claims.ts'
export { claimsOf, overlapKinds, overlapsWith } from './claims.ts'
export type { ClosedCode } from './closed-code.ts'
export { closedCodeText, closedOnTheWay } from './closed-code.ts'
export type { Copy, ServedRecipient } from './copies.ts'
export { copiesFor, partsFor } from './copies.ts'
export type { Coverage, CoverageKnowledge, NodeCoverage, SeenLink, TierCoverage } from './coverage.ts'
export { coverageOf, heardBy } from './coverage.ts'
export type { CsvSeparator, CsvText } from './csv.ts'
export { readCsv, writeCsv } from './csv.ts'
export type { QueryRecord, QueryTiming, RecipientRecord, RecipientState } from './custody.ts'
export {
  advanceQuery,
  applySignal,
  defaultQueryTiming,
  isSettled,
  missingToResend,
  outdateQuery,
  recipientStates,
  relocate,
  routeChangedLimitMs,
  stopped,
} from './custody.ts'
export type { Declared, DeclaredChild, DeclaredVersion, Exception } from './declared.ts'
export { nothingDeclared } from './declared.ts'
export type { DeclaredPlace, DeclaredProblem, DeclaredProblemKind } from './declared-check.ts'
export { checkDeclared, declaredProblemKinds, withDeclared } from './declared-check.ts'
export type { DeclaredDifference, DeclaredField, DeclaredThing, FieldChange } from './declared-difference.ts'
export { declaredFields, declaredThings, diffDeclared } from './declared-difference.ts'
export { editDeclared } from './declared-edit.ts'
export { declaredFrom } from './declared-shape.ts'
export type { DeclaredFromSheet, SheetImport, SheetKind } from './declared-sheet.ts'
export { declaredFromSheet, sheetKinds, sheetOfDeclared } from './declared-sheet.ts'
export { declaredProblemText } from './declared-text.ts'
export { parseVersion, versionText } from './declared-version.ts'
export type { Delegation } from './delegation.ts'
export { delegationOf, everyCode, givenTwice } from './delegation.ts'
export type {
  Directory,
  DirectoryNode,
  NodeKey,
  Organisation,
  RootKey,
  SigningCertificate,
  Validity,
  Voucher,
} from './directory.ts'
export type { DirectoryFault } from './directory-fault.ts'
export type { Core, Envelope, Kind, Lane, NodeId, OrganId, Path, PathEntry, Sending } from './document.ts'
export {
  isBetweenNodes,
  kinds,
  lanes,
  maxCoreBytes,
  maxFrameBytes,
  maxHops,
  maxSegmentBytes,
  segmentCount,
} from './document.ts'
export type { Ask, Enquiry, Sighting, SightingStep, Standing, Way, WayLink } from './enquiry.ts'
export { maxAskedOrgans, sightingSteps } from './enquiry.ts'
export type { ErrorCode, ErrorDetail, RelayErrorInit } from './errors.ts'
export { errorCodes, RelayError } from './errors.ts'
export { exceptionPeriod } from './exceptions.ts'
export type { ExplainedHop, ExplainedParty, HopReason, OwnExceptions, RouteExplanation } from './explain.ts'
export { explainRoute } from './explain.ts'
export type { FormerNode } from './former-nodes.ts'
export { earlierNodes, formerNodesAt } from './former-nodes.ts'
export type { HandedRow, HandedTombstone, KnownRow, RowTraits } from './handover.ts'
export {
  handoverTo,
  isSplit,
  isUndecided,
  keeperOfRow,
  leavesFor,
  maxRowsWithPayload,
  mayHandOver,
  mayTurnAway,
  nodeRecipient,
  recipientNode,
  takeRow,
  traitsOf,
} from './handover.ts'
export type { HealthBound, HealthLevel } from './health-level.ts'
export { healthLevelOf, healthLevels, worstLevel } from './health-level.ts'
export type { Hold, ProbeTiming } from './hold.ts'
export { defaultProbeTiming, dueProbes, hurryHolds, isHeld, nextProbeAt, releaseHold, startHold } from './hold.ts'
export type { HookTrouble, HookVerdict } from './hook-retry.ts'
export { afterHookFailure, hookPatienceMs } from './hook-retry.ts'
export type { LinkOrder, LinkStop, WayAnswer } from './link-order.ts'
export { linkStops, mayEmptySpool, mayForward, stopAt } from './link-order.ts'
export type { LinkEvent, LinkPhase, LinkReason, LinkState } from './link-state.ts'
export {
  advanceLink,
  childReasons,
  closedLink,
  linkEvents,
  linkPhase,
  linkPhases,
  linkReasons,
  linkUsable,
} from './link-state.ts'
export type { Addressed, Chosen, NewDocumentWay, SplitRule } from './new-documents.ts'
export { newDocumentWays } from './new-documents.ts'
export type { Recognition } from './organisation-code.ts'
export {
  isCode,
  isNewForm,
  isOldForm,
  levelOf,
  lookupKey,
  parentCode,
  toNewForm,
  toOldForm,
} from './organisation-code.ts'
export type { OrganisationPage, OrganisationSearch } from './organisation-list.ts'
export { listOrganisations } from './organisation-list.ts'
export type { OrganisationDefaults, OrganisationsFromSheet } from './organisations-sheet.ts'
export { organisationsFromCsv } from './organisations-sheet.ts'
export { dayStart } from './period.ts'
export type {
  HeldSending,
  RecallDecision,
  RecallEffect,
  RecallKnowledge,
  RecallOutcome,
  Tombstone,
} from './recall.ts'
export {
  changeWanted,
  decideRecall,
  documentTypes,
  isDoneWith,
  isOutOfReach,
  isRecallable,
  isStopped,
  lastOutcome,
  maxAbout,
  meansMore,
  recallEffects,
  recallOutcome,
  recallOutcomes,
} from './recall.ts'
export { receiverRefusal } from './receiver-refusal.ts'
export type {
  DeclaredEdit,
  Reorg,
  ReorgChange,
  ReorgProblem,
  ReorgProblemKind,
  ReorgStep,
  ReorgUnit,
} from './reorg.ts'
export { reorgProblemKinds } from './reorg.ts'
export type { ReorgPlace, ReorgPlan } from './reorg-plan.ts'
export { planReorg } from './reorg-plan.ts'
export type { RehearsalOutcome, RehearsedPair, RehearsedWay, TrafficPair } from './reorg-rehearsal.ts'
export { rehearsalOutcomes, rehearseReorg } from './reorg-rehearsal.ts'
export { seenIn } from './reorg-seen.ts'
export type { MergersFromSheet } from './reorg-sheet.ts'
export { mergersFromSheet } from './reorg-sheet.ts'
export { reorgProblemText } from './reorg-text.ts'
export type { ReroutedCopy, WaitingCopy } from './reroute.ts'
export { isLost, reroute, servingNow } from './reroute.ts'
export type { ExpectationOutcome, RouteExpectation } from './route-expectation.ts'
export { testExpectations } from './route-expectation.ts'
export type { CompiledDirectory, Hop, Keeper, NotFound, OrganHold, Resolution, RoutingTable } from './routing.ts'
export { compileDirectory, compileTable, tableOf } from './routing.ts'
export type { SheetProblem, SheetProblemKind, SheetRow } from './sheet.ts'
export { headingText, sheetProblemKinds, sheetProblemSays, sheetProblemText } from './sheet.ts'
export type { DeferReason, Missing, Receipt, SealedSignal, SegmentRange, Signal } from './signal.ts'
export { deferReasons } from './signal.ts'
export type { EarlierRecipient, Resubmission, ResubmissionPlan, StandIns } from './submission.ts'
export { planResubmission } from './submission.ts'
export type { BundleRoom, KeptBundle } from './support-bundle.ts'
export { bundleEnd, bundleRefusal, bundleRoom, maxBundleBytes, outgrown } from './support-bundle.ts'
export type { Arrival, TransitDecision } from './transit.ts'
export { decideTransit, mayOriginate } from './transit.ts'
export type { Parents } from './tree-way.ts'
export { parentsOf, wayBetween } from './tree-way.ts'
export type { KeyAnswer, KeyState, Registry, RegistryNode, VerifySignature } from './trust.ts'
export {
  clockAllowanceMs,
  endedBy,
  entryOf,
  findCertificate,
  findKey,
  keyState,
  keyStates,
  openRegistry,
  plainFingerprint,
} from './trust.ts'
export type { ChangeAnswer, KeyChange, KeyRevocation } from './trust-change.ts'
export { acceptKey, acceptRevocation } from './trust-change.ts'
export type { StatedKey } from './trust-statement.ts'
export { joinStatement, keyStatement, nodeOfKid, numberOfKid, revocationStatement } from './trust-statement.ts'
export type { Answers, DocumentPlace, Whereabouts } from './whereabouts.ts'
export { brokenHop, chainOf, documentPlaces, whereIs } from './whereabouts.ts'
export { parseWhole } from './whole-number.ts'
