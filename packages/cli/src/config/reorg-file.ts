/** The file of a re-organisation: its date, its legal act, its changes; read with the place of every problem. */
import {
  newDocumentWays,
  phrase,
  type Reorg,
  type ReorgChange,
  type ReorgProblem,
  type ReorgUnit,
  reorgProblemKinds,
  reorgProblemText,
} from '@lienthong/core'
import { z } from 'zod'
import { defined } from './check-keys.ts'
import { checkSchema } from './check-schema.ts'
import { type Checked, type ConfigProblem, inOrder } from './problem.ts'
import { refusal } from './refusal.ts'
import { code, day, text } from './schema.ts'
import { type PlacedFile, placeYaml } from './yaml-file.ts'

export interface ReorgFile {
  readonly reorg: Reorg
  /** Problems of the plan, each at its line; warnings apart. */
  place(problems: readonly ReorgProblem[]): {
    readonly problems: readonly ConfigProblem[]
    readonly warnings: readonly ConfigProblem[]
  }
}

const unitShape = {
  name: text.optional(),
  node: code.optional(),
  parent: code.optional(),
  oldCode: code.optional(),
  code102: code.optional(),
  mail: text.optional(),
}
const unitKeys = Object.keys(unitShape)

/** Each act, with the keys that may stand beside it; those with `!` must. */
const acts = {
  merge: ['into!', ...unitKeys, 'andBelow'],
  rename: ['to', ...unitKeys],
  reparent: ['under!'],
  drop: ['under', 'into', 'organisations'],
  dropTier: ['under', 'into', 'organisations'],
  close: ['into', 'andBelow'],
  split: ['into!', 'rules'],
} as const satisfies Record<string, readonly string[]>
type Act = keyof typeof acts
const actNames = Object.keys(acts) as Act[]

const shaped = z
  .strictObject({
    merge: z.array(code).min(1).optional(),
    rename: code.optional(),
    reparent: code.optional(),
    drop: code.optional(),
    dropTier: text.optional(),
    close: z.array(code).min(1).optional(),
    split: code.optional(),
    into: z.union([code, z.array(z.strictObject({ code, ...unitShape }))]).optional(),
    to: code.optional(),
    under: code.optional(),
    ...unitShape,
    andBelow: z.boolean().optional(),
    organisations: z.enum(['move', 'close']).optional(),
    rules: z
      .array(z.strictObject({ from: code.optional(), unit: code.optional(), to: code }))
      .min(1)
      .optional(),
  })
  .superRefine((written, context) => {
    const [act, ...more] = actNames.filter((name) => written[name] !== undefined)
    if (act === undefined || more.length > 0) {
      context.addIssue(refusal((language) => phrase(language, 'reorg.file.oneAct', { acts: actNames.join(', ') })))
      return
    }
    const known = acts[act].map((key) => key.replace('!', ''))
    for (const key of Object.keys(written)) {
      if (key === act || known.includes(key)) continue
      const say = { act, known: known.join(', ') }
      context.addIssue({ ...refusal((language) => phrase(language, 'reorg.file.foreign', say)), path: [key] })
    }
    for (const key of acts[act].filter((each) => each.endsWith('!')).map((each) => each.slice(0, -1))) {
      if (Object.hasOwn(written, key)) continue
      context.addIssue(refusal((language) => phrase(language, 'reorg.file.needs', { act, key })))
    }
    if (written.into !== undefined && Array.isArray(written.into) !== (act === 'split')) {
      context.addIssue({ ...refusal((language) => phrase(language, 'reorg.file.into')), path: ['into'] })
    }
  })

/** Beside what its act needs. */
const change = shaped.superRefine(({ rename, to, name, into, rules = [] }, context) => {
  if (rename !== undefined && to === undefined && name === undefined) {
    const say = { act: 'rename', key: 'to' }
    context.addIssue(refusal((language) => phrase(language, 'reorg.file.needs', say)))
  }
  const successors = Array.isArray(into) ? into.map((each) => each.code) : []
  for (const [index, { to: named }] of rules.entries()) {
    if (successors.includes(named)) continue
    const say = refusal((language) => phrase(language, 'reorg.file.rule', { code: named }))
    context.addIssue({ ...say, path: ['rules', index, 'to'] })
  }
})

export const reorgFileSchema = z.strictObject({
  effective: day,
  reason: text,
  newDocuments: z.enum(newDocumentWays).optional(),
  changes: z.array(change).min(1),
})

/** Checked as far as the file alone can be. */
export function checkReorgText(written: string, shown: string): Checked<ReorgFile> {
  const placed = placeYaml(shown, written)
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const checked = checkSchema(reorgFileSchema, placed)
  if ('problems' in checked) return { ok: false, problems: inOrder(checked.problems), warnings: [] }
  const { effective, reason, changes, newDocuments } = checked.value
  return {
    ok: true,
    value: {
      reorg: { effective, reason, ...defined({ newDocuments }), changes: changes.map(changeOf) },
      place: (found) => split(found, placed),
    },
    warnings: [],
  }
}

function split(found: readonly ReorgProblem[], placed: PlacedFile) {
  const of = (severity: 'problem' | 'warning') =>
    inOrder(
      found
        .filter(({ kind }) => reorgProblemKinds[kind] === severity)
        .map((problem) => placed.problem(problem.path, (language) => reorgProblemText(language, problem))),
    )
  return { problems: of('problem'), warnings: of('warning') }
}

/** By its act; the schema has seen to the rest. */
function changeOf(written: z.output<typeof change>): ReorgChange {
  const {
    merge,
    rename,
    reparent,
    drop,
    dropTier,
    close,
    split: divided,
    into,
    to,
    under,
    andBelow,
    organisations,
  } = written
  const { name, node, parent, oldCode, code102, mail, rules } = written
  const unit = (id: string): ReorgUnit => ({ ...defined({ name, node, parent, oldCode, code102, mail }), code: id })
  const single = typeof into === 'string' ? into : undefined
  if (merge !== undefined) return { act: 'merge', codes: merge, into: unit(single ?? ''), ...defined({ andBelow }) }
  if (rename !== undefined) return { act: 'rename', code: rename, to: unit(to ?? rename) }
  if (reparent !== undefined) return { act: 'reparent', node: reparent, under: under ?? '' }
  if (close !== undefined) return { act: 'close', codes: close, ...defined({ into: single, andBelow }) }
  if (divided !== undefined) {
    return {
      act: 'split',
      code: divided,
      into: Array.isArray(into) ? into.map(defined) : [],
      ...defined({ rules: rules?.map(defined) }),
    }
  }
  const what = drop === undefined ? { tier: dropTier ?? '' } : { node: drop }
  return { act: 'drop', drop: what, ...defined({ under, into: single, organisations }) }
}
