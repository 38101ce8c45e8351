/**
 * A forest from parent ids, with every place numbered in one walk: `below` is then two comparisons.
 *
 * Node x lies below y exactly when y.enter <= x.enter and x.enter < y.end. Depth is bounded by
 * memory, not by the call stack.
 */
import { directoryFault } from './directory-fault.ts'

export interface TreeItem {
  readonly id: string
  readonly parent: string | null
}

export interface Tree {
  readonly roots: readonly string[]
  readonly has: (id: string) => boolean
  /** null for a root and for an unknown id. */
  readonly parentOf: (id: string) => string | null
  readonly childrenOf: (id: string) => readonly string[]
  /** True when `id` is `top` or lies below it; false when either is unknown. */
  readonly isBelow: (id: string, top: string) => boolean
  /** The child of `top` at or below which `id` lies; null when it does not lie below `top`. */
  readonly childTowards: (id: string, top: string) => string | null
  /** Everything below `id`, not `id` itself, parents first, in the order given. */
  readonly allBelow: (id: string) => readonly string[]
}

const none = -1

/** Builds the forest. Throws RelayError DIRECTORY_INVALID for an id twice, an unknown parent or a cycle. */
export function plantTree(items: readonly TreeItem[]): Tree {
  const place = new Map<string, number>()
  for (const [index, { id }] of items.entries()) {
    if (place.has(id)) throw directoryFault('twice', id)
    place.set(id, index)
  }
  const links = link(items, place)
  const { order, enter, end } = walk(items.length, links)
  if (order.length !== items.length) {
    throw directoryFault('cycle', items.find((_, index) => enter[index] === none)?.id ?? '')
  }
  const idAt = (index: number) => items[index]?.id ?? ''
  function childrenOf(first: number): string[] {
    const ids: string[] = []
    for (let child = first; child !== none; child = links.next[child] ?? none) ids.push(idAt(child))
    return ids
  }
  function isBelow(id: string, top: string): boolean {
    const at = place.get(id)
    const above = place.get(top)
    if (at === undefined || above === undefined) return false
    const entered = enter[at] ?? none
    return (enter[above] ?? none) <= entered && entered < (end[above] ?? none)
  }
  return {
    roots: childrenOf(links.firstRoot),
    has: (id) => place.has(id),
    parentOf: (id) => items[place.get(id) ?? none]?.parent ?? null,
    childrenOf: (id) => childrenOf(links.first[place.get(id) ?? none] ?? none),
    isBelow,
    childTowards: (id, top) => {
      if (id === top || !isBelow(id, top)) return null
      const above = place.get(top)
      let at = place.get(id) ?? none
      while (links.parent[at] !== above) at = links.parent[at] ?? none
      return idAt(at)
    },
    allBelow: (id) => {
      const at = place.get(id)
      return at === undefined ? [] : Array.from(order.subarray((enter[at] ?? none) + 1, end[at]), idAt)
    },
  }
}

/** First child, next sibling and parent of each item by place; `none` where there is none. */
interface Links {
  readonly firstRoot: number
  readonly first: Int32Array
  readonly next: Int32Array
  readonly parent: Int32Array
}

// By number rather than by name: a third of the time and memory for 125,000 organisations.
function link(items: readonly TreeItem[], place: ReadonlyMap<string, number>): Links {
  const first = new Int32Array(items.length).fill(none)
  const next = new Int32Array(items.length).fill(none)
  const parent = new Int32Array(items.length).fill(none)
  let firstRoot = none
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]
    if (item === undefined) continue
    if (item.parent === null) {
      next[index] = firstRoot
      firstRoot = index
      continue
    }
    const above = place.get(item.parent)
    if (above === undefined) throw directoryFault('parent unknown', item.id)
    parent[index] = above
    next[index] = first[above] ?? none
    first[above] = index
  }
  return { firstRoot, first, next, parent }
}

function walk(count: number, { firstRoot, first, next, parent }: Links) {
  const order = new Int32Array(count)
  const enter = new Int32Array(count).fill(none)
  const end = new Int32Array(count)
  let length = 0
  let at = firstRoot
  while (at !== none) {
    enter[at] = length
    order[length++] = at
    const child = first[at] ?? none
    if (child !== none) {
      at = child
      continue
    }
    // Leaving: up until there is a sibling to go on with.
    for (;;) {
      end[at] = length
      const sibling = next[at] ?? none
      if (sibling !== none) {
        at = sibling
        break
      }
      at = parent[at] ?? none
      if (at === none) break
    }
  }
  return { order: order.subarray(0, length), enter, end }
}
