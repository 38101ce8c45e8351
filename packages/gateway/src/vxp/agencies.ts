/** The catalogue of organisations, in the three forms clients ask for. Written row by row: it has over 100,000. */
import type { Organisation, RoutingTable } from '@lienthong/core'
import { listAnswer } from './answer.ts'
import { optional } from './fields.ts'
import type { Operation, VxpCall } from './operation.ts'

export const getAgenciesList: Operation = async ({ node: { directory, table } }) =>
  listAnswer(
    rows(directory.organisations, (organisation) => {
      if (lifeOf(table, organisation) !== 'open') return null
      const { id, parent, name, mail = '', oldCode, code102 = '' } = organisation
      return { id, pid: parent ?? '', code: id, name, mail, oldCode: oldCode ?? code102 }
    }),
  )

/** `level` 1 are those without a superior, 2 those below them, and so on. */
export const getAgenciesListQD20: Operation = async ({ node: { directory, table }, fields }) => {
  const level = optional(fields, 'level')
  const levelOf = openLevels(directory.organisations)
  return listAnswer(
    rows(directory.organisations, (organisation) => {
      if (lifeOf(table, organisation) !== 'open') return null
      const { id, name, mail = '', code102 = '' } = organisation
      return level === null || level === String(levelOf(organisation)) ? { id, code: id, mail, name, code102 } : null
    }),
  )
}

/** Everything with the number of this state, closed organisations as deleted; nothing when `version` is that number. */
export const getSynchronizeUnit: Operation = async ({ node: { directory, table }, fields }) => {
  const { version } = table
  if (knownVersion(fields) >= version) return listAnswer([])
  return listAnswer(
    rows(directory.organisations, (organisation) => {
      const life = lifeOf(table, organisation)
      if (life === 'early') return null
      const { id, parent, name, mail = '', oldCode, code102 = '', node, validFrom = '', validTo = '' } = organisation
      return {
        id,
        pid: parent ?? '',
        code: id,
        name,
        mail,
        oldCode: oldCode ?? code102,
        centerCode: node,
        version,
        deleted: life === 'closed',
        modifyDate: (life === 'closed' ? validTo : validFrom).replaceAll('-', '/'),
        isAgency: true,
      }
    }),
  )
}

/** The SDK's own version, `3.0.201608`, comes under the same name. */
function knownVersion(fields: VxpCall['fields']): number {
  const version = fields.get('version')?.find((value) => /^\d{1,15}$/.test(value))
  return version === undefined ? -1 : Number(version)
}

function* rows(
  organisations: readonly Organisation[],
  rowOf: (organisation: Organisation) => object | null,
): Generator<object> {
  for (const organisation of organisations) {
    const row = rowOf(organisation)
    if (row !== null) yield row
  }
}

export function lifeOf(table: RoutingTable, { id }: Organisation): 'early' | 'open' | 'closed' {
  const resolution = table.resolve(id)
  if (resolution.found) return resolution.by === 'code' ? 'open' : 'closed'
  return resolution.code === 'RECEIVER_NOT_YET' ? 'early' : 'closed'
}

function openLevels(organisations: readonly Organisation[]): (organisation: Pick<Organisation, 'id'>) => number {
  const parents = new Map(organisations.map(({ id, parent }) => [id, parent]))
  const levels = new Map<string, number>()
  return function levelOf({ id }): number {
    const known = levels.get(id)
    if (known !== undefined) return known
    // Before it is known, so that a circle of superiors ends.
    levels.set(id, 1)
    const parent = parents.get(id) ?? null
    const level = parent === null ? 1 : levelOf({ id: parent }) + 1
    levels.set(id, level)
    return level
  }
}
