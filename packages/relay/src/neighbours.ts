/** Messages about the directory between this node and those it has a link with. */
import type { NodeId } from '@lienthong/core'
import { names, type ParentLink, type Sender } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { LivingParts } from './living.ts'

export interface Neighbours
  extends Pick<LivingParts, 'neighbours' | 'sendToNeighbour' | 'onDirectoryMessage' | 'onLink'> {
  /** A message came from this neighbour. */
  heard(neighbour: NodeId, body: Uint8Array): void
  linked(neighbour: NodeId, open: boolean): void
}

export function createNeighbours(
  context: NodeContext,
  parts: {
    /** Of its own, so that these messages do not wait behind documents for credit, or take it from them. */
    readonly sender: Sender
    readonly children: () => Iterable<NodeId>
    readonly parent: () => { readonly id: NodeId; readonly link: ParentLink } | null
  },
): Neighbours {
  const listeners = new Set<(neighbour: NodeId, body: Uint8Array) => void>()
  const watchers = new Set<(neighbour: NodeId, open: boolean) => void>()

  function each<Arguments extends unknown[]>(
    all: Iterable<(...values: Arguments) => void>,
    ...values: Arguments
  ): void {
    for (const listener of all) {
      try {
        listener(...values)
      } catch (error) {
        context.log('error', 'a listener to neighbours failed', { code: 'INTERNAL', detail: { error: String(error) } })
      }
    }
  }

  return {
    get neighbours() {
      return { parent: parts.parent()?.id ?? null, children: [...parts.children()] }
    },
    async sendToNeighbour(neighbour, body) {
      const parent = parts.parent()
      if (parent?.id === neighbour) return parent.link.sendDirectory(body)
      if (![...parts.children()].includes(neighbour)) return 'unknown'
      const routingKey = names.link(neighbour, 'express')
      return parts.sender.send({ exchange: names.out, routingKey, type: 'lt.directory', body })
    },
    onDirectoryMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onLink(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
    heard: (neighbour, body) => each(listeners, neighbour, body),
    linked: (neighbour, open) => each(watchers, neighbour, open),
  }
}
