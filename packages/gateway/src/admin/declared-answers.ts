/** Calls about what the node declares: its routing table, as an administrator changes it. */
import {
  type AnnouncementVersion,
  checkDeclared,
  type Declared,
  type DeclaredVersion,
  declaredFrom,
  declaredProblemKinds,
  declaredProblemText,
  diffDeclared,
  nothingDeclared,
  parseVersion,
  RelayError,
  type RouteExpectation,
  testExpectations,
  withDeclared,
} from '@lienthong/core'
import type { AdministrationDoor } from '@lienthong/relay'
import { type Call, type Route, sendJson, wholeOf } from './call.ts'
import {
  type DeclaredPlan,
  type DeclaredView,
  defaultHistoryItems,
  maxHistoryItems,
  type VersionItem,
} from './declared-protocol.ts'
import type { AdminNode } from './door.ts'
import { jsonBody } from './json-body.ts'

export function declaredRoutes(node: Pick<AdminNode, 'administration' | 'directory' | 'id'>): readonly Route[] {
  function door(): AdministrationDoor {
    if (node.administration === null) throw new RelayError('DIRECTORY_FIXED', { detail: { node: node.id } })
    return node.administration
  }

  async function placeOf(current: Declared) {
    const delegates = await door().delegates()
    return { self: node.id, delegates, directory: node.directory, current, at: Date.now() }
  }

  async function show({ response }: Call): Promise<void> {
    const { id, directory } = node
    const parent = directory.nodes.find((each) => each.id === id)?.parent ?? null
    const view: DeclaredView = {
      node: id,
      parent,
      directoryVersion: directory.version,
      current: await door().current(),
    }
    sendJson(response, view)
  }

  async function history({ response, query }: Call): Promise<void> {
    const limit = Math.min(wholeOf(query, 'limit') ?? defaultHistoryItems, maxHistoryItems)
    const before = query.get('before')
    // One more, so that the oldest shown is told apart from what was before it.
    const versions = await door().history({
      limit: limit + 1,
      ...(before === null ? {} : { before: versionOf(before) }),
    })
    sendJson(response, { items: versions.slice(0, limit).map((each, index) => itemOf(each, versions[index + 1])) })
  }

  async function version({ response, id }: Call): Promise<void> {
    const { epoch, version: number } = versionOf(id)
    const [found] = await door().history({ limit: 1, before: { epoch, version: number + 1 } })
    if (found?.epoch !== epoch || found.version !== number) throw new RelayError('NOT_FOUND', { detail: { what: id } })
    sendJson(response, found)
  }

  async function plan({ request, response }: Call): Promise<void> {
    const content = contentIn(await jsonBody(request))
    const { content: current, epoch, version: number } = await door().current()
    const answer: DeclaredPlan = {
      base: { epoch, version: number },
      changes: diffDeclared(current, content),
      problems: checkDeclared(content, await placeOf(current)),
    }
    sendJson(response, answer)
  }

  async function apply({ request, response, by }: Call): Promise<void> {
    const who = by()
    const body = await jsonBody(request)
    const [base, content, reason] = [baseIn(body['base']), contentIn(body), body['reason']]
    if (typeof reason !== 'string' || reason.trim() === '') throw usage('reason')
    const { content: current } = await door().current()
    const grave = checkDeclared(content, await placeOf(current)).find(
      ({ kind }) => declaredProblemKinds[kind] === 'problem',
    )
    if (grave !== undefined) {
      const detail = { reason: declaredProblemText('en', grave), kind: grave.kind, value: grave.value }
      throw new RelayError('DECLARED_INVALID', { detail })
    }
    sendJson(response, itemOf(await door().apply({ base, content, by: who, reason }), undefined))
  }

  async function test({ request, response }: Call): Promise<void> {
    const body = await jsonBody(request)
    const expectations = body['expectations']
    if (!Array.isArray(expectations) || !expectations.every(isExpectation)) throw usage('expectations')
    const current = (await node.administration?.current())?.content ?? nothingDeclared
    const content = body['content'] === undefined ? current : contentIn(body)
    const directory = content === current ? node.directory : withDeclared(content, await placeOf(current))
    const own = { self: node.id, exceptions: content.exceptions }
    sendJson(response, { items: testExpectations(directory, own, expectations, Date.now()) })
  }

  return [
    { method: 'GET', path: '/declared', role: 'viewer', answer: show },
    { method: 'GET', path: '/declared/history', role: 'viewer', answer: history },
    { method: 'GET', path: '/declared/versions/:id', role: 'viewer', answer: version },
    { method: 'POST', path: '/declared/plan', role: 'viewer', answer: plan },
    { method: 'POST', path: '/declared', role: 'administrator', answer: apply },
    { method: 'POST', path: '/routes/test', role: 'viewer', answer: test },
    {
      method: 'GET',
      path: '/announcements',
      role: 'viewer',
      answer: async ({ response }) => sendJson(response, { items: await door().announcements() }),
    },
  ]
}

function itemOf({ content, ...facts }: DeclaredVersion, before: DeclaredVersion | undefined): VersionItem {
  if (before === undefined) return { ...facts, changes: null }
  const acts = diffDeclared(before.content, content).map(({ act }) => act)
  const count = (wanted: (typeof acts)[number]) => acts.filter((act) => act === wanted).length
  return { ...facts, changes: { added: count('added'), changed: count('changed'), removed: count('removed') } }
}

function contentIn(body: Readonly<Record<string, unknown>>): Declared {
  const content = declaredFrom(body['content'])
  if (content === null) throw usage('content')
  return content
}

function baseIn(value: unknown): AnnouncementVersion {
  const { epoch, version } = (value ?? {}) as { readonly epoch?: unknown; readonly version?: unknown }
  if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(version)) throw usage('base')
  return { epoch: Number(epoch), version: Number(version) }
}

function versionOf(written: string): AnnouncementVersion {
  const version = parseVersion(written)
  if (version === null) throw usage(written)
  return version
}

function isExpectation(value: unknown): value is RouteExpectation {
  if (typeof value !== 'object' || value === null) return false
  const { from, to, on, next, refused, path } = value as Readonly<Record<string, unknown>>
  const texts = [on, next, refused].every((each) => each === undefined || typeof each === 'string')
  const paths = path === undefined || (Array.isArray(path) && path.every((each) => typeof each === 'string'))
  return typeof from === 'string' && typeof to === 'string' && texts && paths
}

function usage(reason: string): RelayError {
  return new RelayError('USAGE', { detail: { reason } })
}
