/** Which of a node's exceptions hold, and until when. */
import type { Exception } from './declared.ts'
import type { NodeId, OrganId } from './document.ts'
import { dayStart, type Period } from './period.ts'

const dayMs = 86_400_000

/** When an exception holds; never when its day does not exist, so that one wrong day stops no table. */
export function exceptionPeriod({ until }: Pick<Exception, 'until'>): Period {
  const from = Number.NEGATIVE_INFINITY
  if (until === undefined) return { from, to: Number.POSITIVE_INFINITY }
  const last = dayStart(until)
  return { from, to: last === null ? from : last + dayMs }
}

/** The exceptions that hold at one instant, by organisation. Of several of one kind for one organisation the first counts. */
export interface ExceptionIndex {
  readonly redirects: ReadonlyMap<OrganId, NodeId>
  readonly holds: ReadonlyMap<OrganId, Pick<Exception, 'reason' | 'until'>>
}

/** `idOf` gives the id of the organisation that a written code lists; those that nothing lists are passed over. */
export function indexExceptions(
  exceptions: readonly Exception[],
  at: number,
  idOf: (code: string) => OrganId | null,
): ExceptionIndex {
  const redirects = new Map<OrganId, NodeId>()
  const holds = new Map<OrganId, Pick<Exception, 'reason' | 'until'>>()
  for (const exception of exceptions) {
    const id = idOf(exception.organ)
    if (id === null || at >= exceptionPeriod(exception).to) continue
    if ('redirect' in exception) {
      if (!redirects.has(id)) redirects.set(id, exception.redirect)
    } else if (!holds.has(id)) {
      const { reason, until } = exception
      holds.set(id, until === undefined ? { reason } : { reason, until })
    }
  }
  return { redirects, holds }
}
