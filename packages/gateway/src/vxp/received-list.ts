/** `getReceivedEdocList`: what waits for the organisations of the calling system. */
import { type OrganId, type PacketKind, transportStates } from '@lienthong/core'
import { formatDate, formatTimestamp } from '@lienthong/edxml'
import type { MailboxDoor } from '@lienthong/relay'
import type { MailItem } from '@lienthong/store'
import { listAnswer } from './answer.ts'
import { docIdOf } from './doc-id.ts'
import { organisationsOf } from './door.ts'
import { type Fields, invalid, optional } from './fields.ts'
import { kindAskedFor, messageTypeOf, type Operation, serviceType } from './operation.ts'

/** Rows of one answer: clients read it whole, acknowledge, and ask again. */
const maxRows = 1000
const pageItems = 200

export const getReceivedEdocList: Operation = async ({ node, system, fields }) => {
  const organs = organisationsOf(node.systems, system, 'receive')
  const { matches, skip, rows, all } = filterIn(fields)
  const items = waiting(node.mailbox, { organs, kind: kindAskedFor(fields), all })
  return listAnswer(page(items, { matches, skip, rows }))
}

/** Oldest first over all mailboxes; items whose processing failed come after the others, so that these are never behind them. */
async function* waiting(
  mailbox: MailboxDoor,
  { organs, kind, all }: { organs: readonly OrganId[]; kind: PacketKind | undefined; all: boolean },
): AsyncGenerator<MailItem> {
  const failed: MailItem[] = []
  for await (const item of merged(organs.map((organ) => itemsOf(mailbox, organ, { all, ...(kind && { kind }) })))) {
    if (item.state !== 'fail') yield item
    else if (failed.length < maxRows) failed.push(item)
  }
  yield* failed
}

async function* itemsOf(
  mailbox: MailboxDoor,
  organ: OrganId,
  options: { readonly all: boolean; readonly kind?: PacketKind },
): AsyncGenerator<MailItem> {
  for (let after = 0; ; ) {
    const items = await mailbox.list(organ, { ...options, after, limit: pageItems })
    yield* items
    if (items.length < pageItems) return
    after = items.at(-1)?.id ?? after
  }
}

/** Numbers of items ascend over all mailboxes of a node. */
async function* merged(sources: readonly AsyncGenerator<MailItem>[]): AsyncGenerator<MailItem> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })))
  let open = heads.filter(({ next }) => next.done !== true)
  for (;;) {
    const [first, ...others] = open
    if (first === undefined) return
    const oldest = others.reduce((best, head) => (idOf(head.next) < idOf(best.next) ? head : best), first)
    yield oldest.next.value
    oldest.next = await oldest.source.next()
    if (oldest.next.done === true) open = open.filter((head) => head !== oldest)
  }
}

function idOf({ value }: IteratorResult<MailItem>): number {
  return value.id
}

interface Filter {
  matches(item: MailItem): boolean
  readonly skip: number
  readonly rows: number
  readonly all: boolean
}

/**
 * One gateway in the field asks by page, organisation, day and state. These names are also left over from other
 * operations (`to`, `status`), so they count only together with `pageSize`, which nothing else says.
 */
function filterIn(fields: Fields): Filter {
  const pageSize = optional(fields, 'pageSize')
  if (pageSize === null) return { matches: () => true, skip: 0, rows: maxRows, all: false }
  const rows = Math.min(maxRows, wholeIn('pageSize', pageSize))
  // Nobody knows whether the first page is 0 or 1: both are.
  const pagesBefore = Math.max(0, wholeIn('pageIndex', optional(fields, 'pageIndex') ?? '1') - 1)
  const to = optional(fields, 'to')?.toUpperCase()
  const from = optional(fields, 'fromDate') ?? ''
  const until = optional(fields, 'toDate') ?? '9999'
  const status = optional(fields, 'status')?.toLowerCase()
  if (status !== undefined && !transportStates.some((state) => state === status)) throw invalid('status')
  return {
    rows,
    skip: pagesBefore * rows,
    all: status === 'done',
    matches({ organ, state, deliveredAt }) {
      const day = formatDate(deliveredAt)
      if (day < from || day > until) return false
      if (to !== undefined && to !== organ.toUpperCase()) return false
      return status === undefined || status === state
    },
  }
}

function wholeIn(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalid(name)
  return Number(text)
}

async function* page(
  items: AsyncIterable<MailItem>,
  { matches, skip, rows }: Pick<Filter, 'matches' | 'skip' | 'rows'>,
): AsyncGenerator<object> {
  let seen = 0
  for await (const item of items) {
    if (seen >= skip + rows) return
    if (!matches(item)) continue
    if (seen >= skip) yield rowOf(item)
    seen += 1
  }
}

function rowOf(item: MailItem): object {
  return {
    docId: docIdOf(item),
    serviceType,
    messageType: messageTypeOf(item.kind),
    created_time: formatTimestamp(item.deliveredAt),
    updated_time: formatTimestamp(item.collectedAt ?? item.deliveredAt),
    from: item.from,
    to: item.organ,
    status: item.state,
    status_desc: item.stateReason ?? '',
    contentSha256: item.payload.sha256,
    contentLength: item.payload.size,
    versionSdk: '',
  }
}
