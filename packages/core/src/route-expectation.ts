/** What a table is expected to do, written down and held against it: a change of tables is tested before it is applied. */
import type { Directory } from './directory.ts'
import type { NodeId } from './document.ts'
import { RelayError } from './errors.ts'
import { explainRoute, type OwnExceptions, type RouteExplanation } from './explain.ts'
import { dayStart } from './period.ts'

export interface RouteExpectation {
  readonly from: string
  /** An organisation or a group. */
  readonly to: string
  /** The day the document is handed in, `yyyy-MM-dd`. @default now */
  readonly on?: string
  /** At this node: `mailbox`, `up`, `down:NODE`, or the next node itself. */
  readonly next?: string
  /** Every node the document meets, the first one first. */
  readonly path?: readonly NodeId[]
  /** Code of the refusal. */
  readonly refused?: string
}

export interface ExpectationOutcome {
  readonly expected: RouteExpectation
  readonly ok: boolean
  /** What happens at this node: one hop for each part of a group; none when the document does not come by. */
  readonly next: readonly string[]
  readonly path: readonly NodeId[]
  readonly refused: string | null
}

/** `at`: now, ms, for those that name no day. A day that does not exist counts as now. */
export function testExpectations(
  directory: Directory,
  own: OwnExceptions,
  expectations: readonly RouteExpectation[],
  at: number,
): readonly ExpectationOutcome[] {
  return expectations.map((expected) => {
    const instant = expected.on === undefined ? at : (dayStart(expected.on) ?? at)
    const found = explained(directory, { ...expected, at: instant }, own)
    if ('refused' in found) {
      return { expected, ok: expected.refused === found.refused, next: [], path: [], refused: found.refused }
    }
    const here = found.hops.filter(({ node }) => node === own.self)
    const next = here.map(({ hop }) => hop ?? 'no-way')
    const path = [...new Set(found.hops.map(({ node }) => node))]
    const ok =
      expected.refused === undefined &&
      (expected.next === undefined ||
        (here.length > 0 && here.every(({ hop, next: node }) => expected.next === hop || expected.next === node))) &&
      (expected.path === undefined || expected.path.join(' ') === path.join(' '))
    return { expected, ok, next, path, refused: null }
  })
}

function explained(
  directory: Directory,
  question: RouteExpectation & { readonly at: number },
  own: OwnExceptions,
): RouteExplanation | { readonly refused: string } {
  try {
    return explainRoute(directory, question, own)
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    return { refused: error.code }
  }
}
