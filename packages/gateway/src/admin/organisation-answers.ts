/** Calls about organisations, as the node's directory has them. */
import {
  type Directory,
  listOrganisations,
  lookupKey,
  type Organisation,
  type OrganisationPage,
  RelayError,
} from '@lienthong/core'
import { type Call, type Route, sendJson, wholeOf } from './call.ts'
import type { OrganisationView } from './declared-protocol.ts'
import type { AdminNode } from './door.ts'
import { defaultPageItems, maxPageItems } from './protocol.ts'

export function organisationRoutes(node: Pick<AdminNode, 'directory' | 'table' | 'id'>): readonly Route[] {
  const search = searchCache()

  function list({ response, query }: Call): void {
    const limit = Math.min(wholeOf(query, 'limit') ?? defaultPageItems, maxPageItems)
    const [words, after, served] = [query.get('words'), query.get('after'), query.get('node')]
    const page: OrganisationPage = search(
      node.directory,
      served,
    )({
      limit,
      ...(words === null ? {} : { words }),
      ...(after === null ? {} : { after }),
    })
    sendJson(response, page)
  }

  function show({ response, id }: Call): void {
    const organisation = node.table.listed(id)
    if (organisation === null) throw new RelayError('NOT_FOUND', { detail: { what: id } })
    const codes = new Set(codesOf(organisation).map(lookupKey))
    const view: OrganisationView = {
      organisation,
      resolution: node.table.resolve(organisation.id),
      declaredHere: organisation.node === node.id,
      below: node.directory.organisations
        .filter(({ parent }) => parent !== null && codes.has(lookupKey(parent)))
        .map((each) => each.id),
    }
    sendJson(response, view)
  }

  return [
    { method: 'GET', path: '/directory', role: 'viewer', answer: ({ response }) => sendJson(response, node.directory) },
    { method: 'GET', path: '/organisations', role: 'viewer', answer: list },
    { method: 'GET', path: '/organisations/:id', role: 'viewer', answer: show },
  ]
}

function codesOf({ id, oldCode, code102 }: Organisation): readonly string[] {
  return [id, oldCode, code102].filter((code) => code !== undefined)
}

/** Sorting a country costs; the last one asked for is kept until the directory is another. */
function searchCache() {
  let kept: {
    readonly directory: Directory
    readonly served: string | null
    readonly search: ReturnType<typeof listOrganisations>
  } | null = null
  return (directory: Directory, served: string | null) => {
    if (kept?.directory !== directory || kept.served !== served) {
      const { organisations } = directory
      const wanted = served === null ? organisations : organisations.filter(({ node }) => node === served)
      kept = { directory, served, search: listOrganisations(wanted) }
    }
    return kept.search
  }
}
