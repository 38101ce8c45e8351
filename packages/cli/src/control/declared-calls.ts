/** Calls about routing tables and organisations. */
import type {
  AnnouncementVersion,
  Declared,
  DeclaredVersion,
  Directory,
  ExpectationOutcome,
  NodeId,
  OrganisationPage,
  OrganisationSearch,
  RouteExpectation,
} from '@lienthong/core'
import { versionText } from '@lienthong/core'
import type {
  DeclaredOrder,
  DeclaredPlan,
  DeclaredView,
  OrganisationView,
  VersionItem,
} from '@lienthong/gateway/admin-protocol'
import type { AnnouncementView } from '@lienthong/relay'
import type { Query } from './transport.ts'

/** How a call is made; a body is sent as JSON. */
export interface Calls {
  get<T>(path: string, query: Query): Promise<T>
  post<T>(path: string, query: Query, body?: unknown): Promise<T>
}

/** What the node declares. Every call throws DIRECTORY_FIXED where the directory is a file. */
export interface ControlledDeclared {
  view(): Promise<DeclaredView>
  /** Newest first. */
  history(options: { readonly limit: number; readonly before?: AnnouncementVersion }): Promise<readonly VersionItem[]>
  /** Throws NOT_FOUND. */
  version(version: AnnouncementVersion): Promise<DeclaredVersion>
  /** What it would change, and what is wrong with it; nothing is changed. */
  plan(content: Declared): Promise<DeclaredPlan>
  /** Throws BASE_MOVED, DECLARED_INVALID. */
  apply(order: DeclaredOrder, by: string): Promise<VersionItem>
  /** `content`: as if it were declared. */
  test(expectations: readonly RouteExpectation[], content?: Declared): Promise<readonly ExpectationOutcome[]>
  announcements(): Promise<readonly AnnouncementView[]>
}

/** Organisations of the node's directory, wherever it comes from. */
export interface ControlledOrganisations {
  list(search: OrganisationSearch & { readonly node?: NodeId }): Promise<OrganisationPage>
  /** With all nodes: some ten megabytes for a country. */
  directory(): Promise<Directory>
  /** By any of its codes. Throws NOT_FOUND. */
  show(code: string): Promise<OrganisationView>
}

export function declaredCalls({ get, post }: Calls): {
  readonly declared: ControlledDeclared
  readonly organisations: ControlledOrganisations
} {
  const items = async <T>(listed: Promise<{ readonly items: readonly T[] }>) => (await listed).items
  return {
    declared: {
      view: () => get('/declared', {}),
      history: ({ limit, before }) =>
        items(get('/declared/history', { limit, before: before === undefined ? undefined : versionText(before) })),
      version: (version) => get(`/declared/versions/${versionText(version)}`, {}),
      plan: (content) => post('/declared/plan', {}, { content }),
      apply: (order, by) => post('/declared', { by }, order),
      test: (expectations, content) => items(post('/routes/test', {}, { expectations, content })),
      announcements: () => items(get('/announcements', {})),
    },
    organisations: {
      list: (search) => get('/organisations', { ...search }),
      directory: () => get('/directory', {}),
      show: (code) => get(`/organisations/${encodeURIComponent(code)}`, {}),
    },
  }
}
