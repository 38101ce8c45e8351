/**
 * A forest from parent ids, with every place numbered in one walk: `below` is then two comparisons.
 *
 * Node x lies below y exactly when y.enter <= x.enter and x.enter < y.end. Depth is bounded by
 * memory, not by the call stack.
 */
import { RelayError } from './errors.ts'

export interface TreeItem {
  readonly id: string
  readonly parent: string | null
}

export interface Tree {
  readonly roots: readonly string[]
  readonly has: (id: string) => boolean
  readonly childrenOf: (id: string) => readonly string[]
  /** True when `id` is `top` or lies below it; false when either is unknown. */
  readonly isBelow: (id: string, top: string) => boolean
  /** Everything below `id`, not `id` itself, parents first, in the order given. */
  readonly allBelow: (id: string) => readonly string[]
}

/** Builds the forest. Throws RelayError DIRECTORY_INVALID for an id twice, an unknown parent or a cycle. */
export function plantTree(items: readonly TreeItem[]): Tree {
  const childrenOf = new Map<string, string[]>()
  for (const { id } of items) {
    if (childrenOf.has(id)) throw invalid('twice', id)
    childrenOf.set(id, [])
  }
  const roots: string[] = []
  for (const { id, parent } of items) {
    const siblings = parent === null ? roots : childrenOf.get(parent)
    if (siblings === undefined) throw invalid('parent unknown', id)
    siblings.push(id)
  }
  const { order, enter, end } = walk(roots, childrenOf)
  if (order.length !== items.length) {
    throw invalid('cycle', items.find((item) => !enter.has(item.id))?.id ?? '')
  }
  return {
    roots,
    has: (id) => enter.has(id),
    childrenOf: (id) => childrenOf.get(id) ?? [],
    isBelow: (id, top) => {
      const at = enter.get(id)
      const from = enter.get(top)
      const to = end.get(top)
      return at !== undefined && from !== undefined && to !== undefined && from <= at && at < to
    },
    allBelow: (id) => {
      const from = enter.get(id)
      return from === undefined ? [] : order.slice(from + 1, end.get(id))
    },
  }
}

function walk(roots: readonly string[], childrenOf: ReadonlyMap<string, readonly string[]>) {
  const order: string[] = []
  const enter = new Map<string, number>()
  const end = new Map<string, number>()
  const stack: { readonly id: string; readonly leaving: boolean }[] = []
  const push = (ids: readonly string[]) => {
    for (let i = ids.length - 1; i >= 0; i--) stack.push({ id: ids[i] ?? '', leaving: false })
  }
  push(roots)
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.leaving) {
      end.set(top.id, order.length)
      continue
    }
    enter.set(top.id, order.length)
    order.push(top.id)
    stack.push({ id: top.id, leaving: true })
    push(childrenOf.get(top.id) ?? [])
  }
  return { order, enter, end }
}

function invalid(reason: string, id: string): RelayError {
  return new RelayError('DIRECTORY_INVALID', { detail: { reason, id } })
}
