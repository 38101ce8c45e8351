/** Everything the writer can be asked, by name. `writes` decides whether a batch needs the write lock and an fsync. */
import { accept } from './accept.ts'
import {
  assemblyPayload,
  commitAssembly,
  dropAssembly,
  forgetSegments,
  listAssemblies,
  loadAssembly,
} from './assemblies.ts'
import { backlog, dispatched, page, resend } from './dispatch.ts'
import { appendEvent, bury, deadLetters } from './ledger.ts'
import { acknowledge, deliver, dueCollected, getMail, listMail, noted, payloadOf, receipts } from './mailbox.ts'
import { inlinePayload, orphanFiles } from './payloads.ts'
import { dueQueries, hurryQueries } from './queries.ts'
import type { Session } from './session.ts'
import { applySignals } from './signals.ts'
import { track } from './track.ts'

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
  dueQueries: writes(dueQueries),
  hurryQueries: writes(hurryQueries),
  track: reads(track),
  backlog: reads(backlog),
  deliver: writes(deliver),
  listMail: reads(listMail),
  getMail: reads(getMail),
  acknowledge: writes(acknowledge),
  receipts: reads(receipts),
  dueCollected: writes(dueCollected),
  noted: writes(noted),
  payloadOf: reads(payloadOf),
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
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations
export type ArgumentsOf<Name extends OperationName> = Parameters<Operations[Name]['run']>[1]
export type ResultOf<Name extends OperationName> = ReturnType<Operations[Name]['run']>
