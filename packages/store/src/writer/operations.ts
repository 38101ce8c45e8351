/** Everything the writer can be asked, by name. `writes` decides whether a batch needs the write lock and an fsync. */
import { accept } from './accept.ts'
import { keepVaultKey, loadAccess, writeAccess } from './access.ts'
import {
  assemblyPayload,
  commitAssembly,
  dropAssembly,
  forgetSegments,
  listAssemblies,
  loadAssembly,
} from './assemblies.ts'
import { bundlesUnderWay, getBundle, listBundles, removeBundle, takeBundle } from './bundles.ts'
import { lastChange, listChanges, trimChanges } from './changes.ts'
import { declaredHistory, loadDirectory, writeDirectory } from './directory.ts'
import { backlog, dispatched, page, resend } from './dispatch.ts'
import { figures, touch } from './figures.ts'
import { countKept, handOver, keptOrgans, leavingRows, settleHandovers } from './handover.ts'
import {
  addHook,
  claimHooks,
  getHook,
  listHooks,
  pauseHook,
  removeHook,
  rotateHook,
  settleHook,
  unclaimHooks,
} from './hooks.ts'
import { leaseMail, markMail, releaseLease, renewLease } from './leases.ts'
import { appendEvent, bury, deadLetters } from './ledger.ts'
import { hopBacklog, linkOrders, writeLinkOrder } from './links.ts'
import {
  acknowledge,
  countMail,
  deliver,
  dueCollected,
  getMail,
  listMail,
  noted,
  payloadOf,
  receipts,
} from './mailbox.ts'
import { loadOperators, writeOperators } from './operators.ts'
import { inlinePayload, orphanFiles } from './payloads.ts'
import { dueAt, dueQueries, hurryQueries } from './queries.ts'
import { addressed, named } from './recalls.ts'
import { askedNodes, relocateRecipients, rerouteCopies, unsettledFor, waiting } from './reroute.ts'
import type { Session } from './session.ts'
import { applySignals } from './signals.ts'
import { decideRow, rowGroups, splitRow } from './splits.ts'
import { keepFor, takeOver } from './take-over.ts'
import { stoppedOrgans } from './tombstones.ts'
import { sent, track, trackOf } from './track.ts'
import { traffic } from './traffic.ts'
import { advanceUpload, dropUpload, getUpload, listUploads, openUpload, spendUpload, staleUploads } from './uploads.ts'

interface Operation<Arguments, Result> {
  readonly writes: boolean
  readonly run: (session: Session, args: Arguments) => Result
}

function reads<Arguments, Result>(run: (session: Session, args: Arguments) => Result): Operation<Arguments, Result> {
  return { writes: false, run }
}

function writes<Arguments, Result>(run: (session: Session, args: Arguments) => Result): Operation<Arguments, Result> {
  return { writes: true, run }
}

export const operations = {
  accept: writes(accept),
  page: reads(page),
  dispatched: writes(dispatched),
  applySignals: writes(applySignals),
  resend: writes(resend),
  waiting: reads(waiting),
  rerouteCopies: writes(rerouteCopies),
  relocateRecipients: writes(relocateRecipients),
  askedNodes: reads(askedNodes),
  unsettledFor: reads(unsettledFor),
  dueQueries: writes(dueQueries),
  dueAt: reads(dueAt),
  hurryQueries: writes(hurryQueries),
  named: reads(named),
  addressed: reads(addressed),
  track: reads(track),
  trackOf: reads(trackOf),
  sent: reads(sent),
  traffic: reads(traffic),
  listChanges: reads(listChanges),
  lastChange: reads(lastChange),
  trimChanges: writes(trimChanges),
  backlog: reads(backlog),
  deliver: writes(deliver),
  listMail: reads(listMail),
  countMail: reads(countMail),
  getMail: reads(getMail),
  leaseMail: writes(leaseMail),
  renewLease: writes(renewLease),
  releaseLease: writes(releaseLease),
  markMail: writes(markMail),
  acknowledge: writes(acknowledge),
  receipts: reads(receipts),
  dueCollected: writes(dueCollected),
  noted: writes(noted),
  payloadOf: reads(payloadOf),
  stoppedOrgans: reads(stoppedOrgans),
  keptOrgans: reads(keptOrgans),
  leavingRows: reads(leavingRows),
  countKept: reads(countKept),
  handOver: writes(handOver),
  settleHandovers: writes(settleHandovers),
  takeOver: writes(takeOver),
  keepFor: writes(keepFor),
  takeBundle: writes(takeBundle),
  listBundles: reads(listBundles),
  getBundle: reads(getBundle),
  removeBundle: writes(removeBundle),
  bundlesUnderWay: reads(bundlesUnderWay),
  rowGroups: reads(rowGroups),
  splitRow: reads(splitRow),
  decideRow: writes(decideRow),
  inlinePayload: reads(inlinePayload),
  orphanFiles: reads(orphanFiles),
  loadAssembly: reads(loadAssembly),
  assemblyPayload: reads(assemblyPayload),
  listAssemblies: reads(listAssemblies),
  commitAssembly: writes(commitAssembly),
  dropAssembly: writes(dropAssembly),
  forgetSegments: writes(forgetSegments),
  bury: writes(bury),
  deadLetters: reads(deadLetters),
  appendEvent: writes(appendEvent),
  loadAccess: reads(loadAccess),
  writeAccess: writes(writeAccess),
  keepVaultKey: writes(keepVaultKey),
  loadOperators: reads(loadOperators),
  writeOperators: writes(writeOperators),
  loadDirectory: reads(loadDirectory),
  writeDirectory: writes(writeDirectory),
  declaredHistory: reads(declaredHistory),
  linkOrders: reads(linkOrders),
  writeLinkOrder: writes(writeLinkOrder),
  hopBacklog: reads(hopBacklog),
  openUpload: writes(openUpload),
  getUpload: reads(getUpload),
  listUploads: reads(listUploads),
  advanceUpload: writes(advanceUpload),
  spendUpload: writes(spendUpload),
  dropUpload: writes(dropUpload),
  staleUploads: reads(staleUploads),
  addHook: writes(addHook),
  listHooks: reads(listHooks),
  getHook: reads(getHook),
  rotateHook: writes(rotateHook),
  removeHook: writes(removeHook),
  claimHooks: writes(claimHooks),
  unclaimHooks: writes(unclaimHooks),
  settleHook: writes(settleHook),
  pauseHook: writes(pauseHook),
  figures: reads(figures),
  touch: writes(touch),
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
export type ArgumentsOf<Name extends OperationName> = Parameters<Operations[Name]['run']>[1]
export type ResultOf<Name extends OperationName> = ReturnType<Operations[Name]['run']>
