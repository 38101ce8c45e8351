/** A file of expectations for `routes test`. */
import { phrase, type RouteExpectation } from '@lienthong/core'
import { z } from 'zod'
import { defined } from './check-keys.ts'
import { checkSchema } from './check-schema.ts'
import { type Checked, inOrder } from './problem.ts'
import { readSmallFile } from './read-file.ts'
import { refusal } from './refusal.ts'
import { code, day, text } from './schema.ts'
import { placeYaml } from './yaml-file.ts'

const maxBytes = 16 * 1024 * 1024

export const expectationFileSchema = z.strictObject({
  tests: z
    .array(
      z
        .strictObject({
          from: code,
          to: text,
          on: day.optional(),
          next: text.optional(),
          path: z.array(code).min(1).optional(),
          refused: text.optional(),
        })
        .superRefine(({ next, path, refused }, context) => {
          if ((next ?? path ?? refused) === undefined || (refused !== undefined && (next ?? path) !== undefined)) {
            context.addIssue(refusal((language) => phrase(language, 'routes.expectation')))
          }
        }),
    )
    .min(1),
})

/** Throws FILE_UNREADABLE. */
export async function readExpectations(file: string, shown: string): Promise<Checked<readonly RouteExpectation[]>> {
  const placed = placeYaml(shown, await readSmallFile(file, { shown, maxBytes }))
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const checked = checkSchema(expectationFileSchema, placed)
  if ('problems' in checked) return { ok: false, problems: inOrder(checked.problems), warnings: [] }
  return { ok: true, value: checked.value.tests.map(defined), warnings: [] }
}
