import type { FoundOrganisation, OrganisationFinder, OrganisationList } from './contract.ts'
import type { HttpLine } from './http.ts'

const pageSize = 500

interface Page extends OrganisationList {
  readonly changed: boolean
  readonly next: string | null
}

export function openOrganisations(http: HttpLine): OrganisationFinder {
  const page = (query: Readonly<Record<string, string | number | undefined>>, signal?: AbortSignal) =>
    http.ask<Page>({ method: 'GET', path: '/v1/organisations', query: { limit: pageSize, ...query }, signal })
  return {
    async *search(words, { signal } = {}) {
      for (let after: string | null = ''; after !== null; ) {
        const found: Page = await page({ q: words, after: after === '' ? undefined : after }, signal)
        yield* found.organisations
        after = found.next
      }
    },
    get: (code, { signal } = {}) =>
      http.ask({ method: 'GET', path: `/v1/organisations/${encodeURIComponent(code)}`, signal }),
    async all({ signal, since } = {}) {
      const first = await page({ since }, signal)
      if (!first.changed) return null
      const organisations: FoundOrganisation[] = [...first.organisations]
      for (let { next } = first; next !== null; ) {
        const found = await page({ after: next }, signal)
        organisations.push(...found.organisations)
        next = found.next
      }
      return { version: first.version, organisations }
    },
  }
}
