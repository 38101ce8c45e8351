/** A file and the nodes that can be spoken to, as a plan. */
import { resolve } from 'node:path'
import {
  dayStart,
  mergersFromSheet,
  type NodeId,
  planReorg,
  RelayError,
  type ReorgPlan,
  type ReorgProblem,
  reorgProblemKinds,
  reorgProblemText,
  sheetProblemSays,
} from '@lienthong/core'
import type { CommandInput, Context } from '../command.ts'
import { type ConfigProblem, configRefusal, problemLine, valueOrRefuse } from '../config/problem.ts'
import { readSmallFile } from '../config/read-file.ts'
import type { ReorgFile } from '../config/reorg-file.ts'
import type { PartNodes } from './part-nodes.ts'

/** Far more than a country changes in one act. */
const maxFileBytes = 64 * 1024 * 1024

/** With what the file holds. Throws FILE_UNREADABLE, CONFIG_INVALID. */
export async function reorgFileIn(
  input: CommandInput,
  context: Context,
): Promise<ReorgFile & { readonly text: string }> {
  const file = input.required('file')
  if (/\.(csv|xlsx)$/i.test(file)) return tableIn(file, input, context)
  const { checkReorgText } = await import('../config/reorg-file.ts')
  const text = await readSmallFile(resolve(context.terminal.workingDir, file), { shown: file, maxBytes: maxFileBytes })
  return { ...valueOrRefuse(checkReorgText(text, file)), text }
}

/** A table of mergers; the day and the legal act stand beside it. */
async function tableIn(
  file: string,
  input: CommandInput,
  context: Context,
): Promise<ReorgFile & { readonly text: string }> {
  const [effective, reason] = [input.text('effective'), input.text('reason')]
  if (effective === undefined || reason === undefined || dayStart(effective) === null) {
    throw new RelayError('USAGE', { detail: { reason: context.say('reorg.file.table') } })
  }
  const { readSheetFile } = await import('../declared/sheet-file.ts')
  const sheet = await readSheetFile(resolve(context.terminal.workingDir, file), file)
  const { changes, rows, problems } = mergersFromSheet(sheet.rows)
  const at = (line: number, text: ConfigProblem['text']): ConfigProblem => ({ file, line, column: 1, path: '', text })
  if (problems.length > 0) {
    throw configRefusal(problems.map((each) => at(each.row, (language) => sheetProblemSays(language, each))))
  }
  const lineOf = ([, change, , code]: ReorgProblem['path']) => rows[Number(change)]?.[Number(code ?? 0)] ?? 1
  const placed = (found: readonly ReorgProblem[], severity: 'problem' | 'warning') =>
    found
      .filter(({ kind }) => reorgProblemKinds[kind] === severity)
      .map((each) => at(lineOf(each.path), (language) => reorgProblemText(language, each)))
  return {
    reorg: { effective, reason, changes },
    text: JSON.stringify({ effective, reason, changes }),
    place: (found) => ({ problems: placed(found, 'problem'), warnings: placed(found, 'warning') }),
  }
}

/** Says warnings. Throws CONFIG_INVALID with everything that cannot be. */
export async function planFor(
  { reorg, place }: ReorgFile,
  { directory, declared }: PartNodes,
  context: Context,
): Promise<ReorgPlan> {
  const plan = planReorg(reorg, { directory, declared, at: Date.now() })
  const { problems, warnings } = place(plan.problems)
  if (plan.problems.some(({ kind }) => reorgProblemKinds[kind] === 'problem')) throw configRefusal(problems)
  for (const warning of warnings) {
    await context.note(context.say('config.warning', { text: problemLine(warning, context.language) }))
  }
  return plan
}

/** Nodes with something to do that cannot be spoken to from here. */
export function missingIn({ steps }: Pick<ReorgPlan, 'steps'>, { nodes }: PartNodes): readonly NodeId[] {
  const wanted = steps.flatMap((step) => (step.kind === 'join' ? [step.node, step.under] : [step.node]))
  return [...new Set(wanted)].filter((id) => !nodes.has(id)).sort()
}

export interface Concerned {
  /** Documents and statuses in the mailboxes of nodes that hand over or leave. */
  readonly mailboxes: number
  /** Documents they have sent and that are not settled. */
  readonly backlog: number
}

/** Of the nodes that can be spoken to. */
export async function concernedBy({ steps }: ReorgPlan, { nodes }: PartNodes): Promise<Concerned> {
  const leaving = new Set(steps.flatMap(({ kind, node }) => (kind === 'handover' || kind === 'leave' ? [node] : [])))
  let [mailboxes, backlog] = [0, 0]
  for (const id of leaving) {
    const health = await nodes.get(id)?.client.health()
    if (health === undefined) continue
    mailboxes += health.waiting.document + health.waiting.status
    backlog += health.backlog.documents
  }
  return { mailboxes, backlog }
}
