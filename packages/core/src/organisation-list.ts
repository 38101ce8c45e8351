/** Organisations of a directory for people who look for one: in order of their ids, page by page. */
import type { Organisation } from './directory.ts'
import type { OrganId } from './document.ts'
import { otherCodesOf } from './organisation-index.ts'

export interface OrganisationSearch {
  /** Words that must all stand in its name or codes; case and Vietnamese marks do not matter. @default every organisation */
  readonly words?: string
  /** Only ids behind this one. */
  readonly after?: OrganId
  /** At least 1. */
  readonly limit: number
}

export interface OrganisationPage {
  readonly organisations: readonly Organisation[]
  /** Where the next page begins, as `after`; null on the last one. */
  readonly next: OrganId | null
}

/** Sorts once; each page costs one search by halving, and one pass over the texts when there are words. */
export function listOrganisations(
  organisations: readonly Organisation[],
): (search: OrganisationSearch) => OrganisationPage {
  const sorted = [...organisations].sort((a, b) => (a.id < b.id ? -1 : 1))
  let texts: readonly string[] | undefined
  return ({ words = '', after, limit }) => {
    const wanted = plain(words).split(/\s+/).filter(Boolean)
    if (wanted.length > 0) texts ??= sorted.map(textOf)
    const found: Organisation[] = []
    for (let at = after === undefined ? 0 : firstBehind(sorted, after); at < sorted.length; at += 1) {
      const text = texts?.[at] ?? ''
      if (!wanted.every((word) => text.includes(word))) continue
      if (found.length === limit) return { organisations: found, next: found.at(-1)?.id ?? null }
      found.push(sorted[at] as Organisation)
    }
    return { organisations: found, next: null }
  }
}

function firstBehind(sorted: readonly Organisation[], id: OrganId): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as Organisation).id <= id) low = middle + 1
    else high = middle
  }
  return low
}

function textOf(organisation: Organisation): string {
  return plain([organisation.name, organisation.id, ...otherCodesOf(organisation)].join('\n'))
}

/** `Đắk Lắk` and `dak lak` are one: nobody types all the marks into a search box. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}
