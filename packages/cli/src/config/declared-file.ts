/** The declared file of a node: children, organisations, groups, exceptions; read with the place of every problem. */
import {
  type AnnouncementVersion,
  type Declared,
  type DeclaredProblem,
  declaredProblemKinds,
  declaredProblemText,
  type Exception,
  phrase,
} from '@lienthong/core'
import { z } from 'zod'
import { defined, toOrganisation } from './check-keys.ts'
import { checkSchema } from './check-schema.ts'
import { type Checked, type ConfigProblem, inOrder } from './problem.ts'
import { readSmallFile } from './read-file.ts'
import { refusal } from './refusal.ts'
import { code, day, organisationShape, text } from './schema.ts'
import { type PlacedFile, placeYaml } from './yaml-file.ts'

/** Far more than one node serves. */
const maxDeclaredBytes = 64 * 1024 * 1024

export interface DeclaredFile {
  /** The version it was made from; null when it does not say. */
  readonly base: AnnouncementVersion | null
  /** Sections the file has; those it leaves out stay as they are, an empty list takes all away. */
  readonly content: Partial<Declared>
  /** Problems of the content, each at its line; warnings apart. */
  place(problems: readonly DeclaredProblem[]): {
    readonly problems: readonly ConfigProblem[]
    readonly warnings: readonly ConfigProblem[]
  }
}

const whole = z.number().superRefine((value, context) => {
  if (!Number.isSafeInteger(value) || value < 0) {
    context.addIssue(refusal((language) => phrase(language, 'config.count')))
  }
})

const exception = z
  .strictObject({
    organ: code,
    redirect: code.optional(),
    hold: z.literal(true).optional(),
    reason: text,
    until: day.optional(),
  })
  .superRefine(({ redirect, hold }, context) => {
    if ((redirect === undefined) === (hold === undefined)) {
      context.addIssue(refusal((language) => phrase(language, 'sheet.effect')))
    }
  })

export const declaredFileSchema = z.strictObject({
  base: z.strictObject({ epoch: whole, version: whole }).optional(),
  children: z.array(z.strictObject({ id: code, tier: text, delegates: z.array(code) })).optional(),
  organisations: z.array(z.strictObject(organisationShape)).optional(),
  groups: z.record(z.string(), z.array(code)).optional(),
  exceptions: z.array(exception).optional(),
})

type Written = z.output<typeof declaredFileSchema>

/** Throws FILE_UNREADABLE. `shown` is the name problems carry. */
export async function readDeclaredFile(file: string, shown: string): Promise<Checked<DeclaredFile>> {
  return checkDeclaredText(await readSmallFile(file, { shown, maxBytes: maxDeclaredBytes }), shown)
}

/** The same for a text that is at hand. */
export function checkDeclaredText(written: string, shown: string): Checked<DeclaredFile> {
  const placed = placeYaml(shown, written)
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const checked = checkSchema(declaredFileSchema, placed)
  if ('problems' in checked) return { ok: false, problems: inOrder(checked.problems), warnings: [] }
  const { base = null } = checked.value
  const content = contentOf(checked.value)
  return { ok: true, value: { base, content, place: (problems) => split(problems, placed) }, warnings: [] }
}

function split(found: readonly DeclaredProblem[], placed: PlacedFile) {
  const of = (severity: 'problem' | 'warning') =>
    inOrder(
      found
        .filter(({ kind }) => declaredProblemKinds[kind] === severity)
        .map((problem) => placed.problem(problem.path, (language) => declaredProblemText(language, problem))),
    )
  return { problems: of('problem'), warnings: of('warning') }
}

function contentOf({ children, organisations, groups, exceptions }: Written): Partial<Declared> {
  return defined({
    children,
    organisations: organisations?.map(toOrganisation),
    groups,
    exceptions: exceptions?.map(exceptionOf),
  })
}

function exceptionOf({ organ, redirect, reason, until }: z.output<typeof exception>): Exception {
  const facts = { organ, reason, ...(until === undefined ? {} : { until }) }
  return redirect === undefined ? { ...facts, hold: true } : { ...facts, redirect }
}
