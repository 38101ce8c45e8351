/** Whom one can write to: by words, page by page, and whether anything has changed since last time. */
import {
  type Directory,
  listOrganisations,
  type Organisation,
  type OrganisationPage,
  type OrganisationSearch,
  RelayError,
} from '@lienthong/core'
import type { FastifyInstance } from 'fastify'
import { described, flag, limit, listOf, object, options, organCode, type Schema, text, textOrNull } from './schema.ts'

const organisation: Schema = {
  title: 'Organisation',
  ...object({
    id: described(text, 'Today’s code.'),
    name: text,
    oldCode: textOrNull,
    code102: described(textOrNull, 'Its code by QCVN 102:2016.'),
    parent: textOrNull,
    node: described(text, 'The node that serves it.'),
    mail: textOrNull,
    validFrom: textOrNull,
    validTo: textOrNull,
    successors: listOf(text),
    open: described(flag, 'It exists today: documents may be addressed to it.'),
  }),
}

const pageShape = object({
  version: described(text, 'Give it as `since` next time.'),
  changed: described(flag, 'False: nothing has changed since `since`, and the list is left out.'),
  organisations: listOf(organisation),
  next: described(textOrNull, 'Where the next page begins, as `after`; null on the last one.'),
})

interface Search {
  readonly q?: string
  readonly after?: string
  readonly limit: number
  readonly since?: string
}

export function organisationRoutes(app: FastifyInstance): void {
  const { node } = app.gateway
  let listed: { readonly of: Directory; readonly page: ReturnType<typeof listOrganisations> } | undefined

  /** Sorted when somebody asks, and again when the node has another directory. */
  function page(search: OrganisationSearch): OrganisationPage {
    const { directory } = node
    if (listed?.of !== directory) listed = { of: directory, page: listOrganisations(directory.organisations) }
    return listed.page(search)
  }

  function viewOf({ id, name, parent, node: server, successors = [], ...rest }: Organisation) {
    const { oldCode = null, code102 = null, mail = null, validFrom = null, validTo = null } = rest
    const resolution = node.table.resolve(id)
    const open = resolution.found && resolution.by === 'code'
    return { id, name, oldCode, code102, parent, node: server, mail, validFrom, validTo, successors, open }
  }

  // The table's own version grows on each day on which an organisation opens or closes.
  const version = () => `${node.table.directoryVersion}.${node.table.version}`

  app.get<{ Querystring: Search }>(
    '/organisations',
    {
      schema: {
        operationId: 'listOrganisations',
        summary: 'Organisations in order of their codes',
        tags: ['organisations'],
        querystring: options({
          q: described({ type: 'string', maxLength: 200 }, 'Words of the name or codes; case and marks do not matter.'),
          after: organCode,
          limit: limit(100, 1000),
          since: described({ type: 'string', maxLength: 64 }, 'The `version` of an earlier answer.'),
        }),
        response: { 200: { title: 'Organisations', ...pageShape } },
      },
    },
    async ({ query: { q = '', after, limit: most, since } }) => {
      if (since === version()) return { version: since, changed: false, organisations: [], next: null }
      const { organisations, next } = page({ words: q, limit: most, ...(after === undefined ? {} : { after }) })
      return { version: version(), changed: true, organisations: organisations.map(viewOf), next }
    },
  )

  app.get<{ Params: { code: string } }>(
    '/organisations/:code',
    {
      schema: {
        operationId: 'getOrganisation',
        summary: 'One organisation, by any of its codes, open or closed',
        tags: ['organisations'],
        params: object({ code: organCode }),
        response: { 200: organisation },
      },
    },
    async ({ params: { code } }) => {
      const found = node.table.listed(code)
      if (found === null) throw new RelayError('NOT_FOUND', { detail: { what: code } })
      return viewOf(found)
    },
  )
}
