/** What differs between two declared contents, thing by thing and field by field. Order alone is no difference. */
import type { Declared, Exception } from './declared.ts'
import type { SigningCertificate } from './directory.ts'
import type { FormerNode } from './former-nodes.ts'
import type { SplitRule } from './new-documents.ts'
import { lookupKey } from './organisation-code.ts'

export const declaredThings = ['child', 'organisation', 'group', 'exception'] as const
export type DeclaredThing = (typeof declaredThings)[number]

export type FieldChange =
  | { readonly field: DeclaredField; readonly before: string | null; readonly after: string | null }
  | { readonly field: DeclaredField; readonly added: readonly string[]; readonly removed: readonly string[] }

export interface DeclaredDifference {
  readonly thing: DeclaredThing
  readonly act: 'added' | 'removed' | 'changed'
  /** Code of the child, the organisation, or the one an exception is for; name of the group. */
  readonly id: string
  /** What people call it, when it has a name. */
  readonly name: string | null
  /** For what was added or removed: all its fields. */
  readonly fields: readonly FieldChange[]
}

/** Every field of a declared thing, in the order people read them. `name` of an organisation stands in its title too. */
export const declaredFields = [
  'id',
  'name',
  'tier',
  'delegates',
  'parent',
  'oldCode',
  'code102',
  'mail',
  'validFrom',
  'validTo',
  'successors',
  'formerNodes',
  'newDocuments',
  'splitRules',
  'certificates',
  'members',
  'redirect',
  'hold',
  'until',
  'reason',
] as const
export type DeclaredField = (typeof declaredFields)[number]

/** From `before` to `after`: children, organisations, groups, exceptions, each in order of their ids. */
export function diffDeclared(before: Declared, after: Declared): readonly DeclaredDifference[] {
  const [old, now] = [thingsOf(before), thingsOf(after)]
  return declaredThings.flatMap((thing) => {
    const [was, is] = [old[thing], now[thing]]
    const keys = [...new Set([...was.keys(), ...is.keys()])].sort()
    return keys.flatMap((key) => changeOf(thing, was.get(key), is.get(key)) ?? [])
  })
}

type Values = Partial<Record<DeclaredField, string | readonly string[]>>

interface Thing {
  readonly id: string
  readonly name: string | null
  readonly values: Values
}

type Things = ReadonlyMap<string, Thing>

const nothing: Values = {}

function changeOf(thing: DeclaredThing, was: Thing | undefined, is: Thing | undefined): DeclaredDifference | null {
  const shown = is ?? was
  if (shown === undefined) return null
  const fields = declaredFields.flatMap((field) => {
    return fieldChange(field, (was?.values ?? nothing)[field], (is?.values ?? nothing)[field]) ?? []
  })
  const act = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
  if (act === 'changed' && fields.length === 0) return null
  return { thing, act, id: shown.id, name: shown.name, fields }
}

function fieldChange(field: DeclaredField, was: Values[DeclaredField], is: Values[DeclaredField]): FieldChange | null {
  if (typeof was === 'object' || typeof is === 'object') {
    const [before, after] = [new Set([was ?? []].flat()), new Set([is ?? []].flat())]
    const added = [...after].filter((value) => !before.has(value)).sort()
    const removed = [...before].filter((value) => !after.has(value)).sort()
    return added.length + removed.length === 0 ? null : { field, added, removed }
  }
  return was === is ? null : { field, before: was ?? null, after: is ?? null }
}

function thingsOf({ children, organisations, groups, exceptions }: Declared): Record<DeclaredThing, Things> {
  return {
    child: keyed(children.map(({ id, tier, delegates }) => ({ id, name: null, values: { id, tier, delegates } }))),
    organisation: keyed(
      organisations.map(
        ({ certificates = [], formerNodes = [], parent, splitRules = [], successors = [], ...fields }) => ({
          id: fields.id,
          name: fields.name,
          values: {
            ...fields,
            ...(parent === null ? {} : { parent }),
            ...(successors.length === 0 ? {} : { successors }),
            ...(formerNodes.length === 0 ? {} : { formerNodes: formerNodes.map(formerNodeText) }),
            ...(splitRules.length === 0 ? {} : { splitRules: splitRules.map(splitRuleText) }),
            ...(certificates.length === 0 ? {} : { certificates: certificates.map(certificateText) }),
          },
        }),
      ),
    ),
    group: keyed(Object.entries(groups).map(([id, members]) => ({ id, name: null, values: { members } }))),
    exception: keyed(exceptions.map((each) => ({ id: each.organ, name: null, values: exceptionValues(each) }))),
  }
}

/** `from H29.1, unit H29.18.05.1 → H29.18.06`; order counts, so each has its number. */
function splitRuleText({ from, unit, to }: SplitRule, index: number): string {
  const when = [from === undefined ? [] : [`from ${from}`], unit === undefined ? [] : [`unit ${unit}`]].flat()
  return `${index + 1}. ${when.join(', ')}${when.length === 0 ? '' : ' '}→ ${to}`
}

function keyed(things: readonly Thing[]): Things {
  return new Map(things.map((thing) => [lookupKey(thing.id), thing]))
}

function exceptionValues(exception: Exception): Values {
  const { reason, until } = exception
  return {
    reason,
    ...(until === undefined ? {} : { until }),
    ...('redirect' in exception ? { redirect: exception.redirect } : { hold: 'x' }),
  }
}

/** `H29 … 2026-12-31`. */
function formerNodeText({ node, until }: FormerNode): string {
  return `${node} … ${until}`
}

/** `3f…: validFrom 2026-01-01T00:00:00.000Z`. */
function certificateText({ fingerprint, ...validity }: SigningCertificate): string {
  const periods = Object.entries(validity).map(([name, at]) => `${name} ${new Date(Number(at)).toISOString()}`)
  return periods.length === 0 ? fingerprint : `${fingerprint}: ${periods.join(', ')}`
}
