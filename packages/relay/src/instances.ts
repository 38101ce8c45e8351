/** Notices when two processes speak as one node: a clone made from a backup, or a machine that came back. */
import { RelayError } from '@lienthong/core'
import { decodeHello } from '@lienthong/link'
import type { NodeContext } from './context.ts'

export interface InstanceWatch {
  seen(child: string, hello: Uint8Array): void
}

/** An instance that speaks again after another has spoken is alive beside it. */
export function watchInstances(context: NodeContext): InstanceWatch {
  const current = new Map<string, string>()
  const earlier = new Map<string, Set<string>>()
  return {
    seen(child, body) {
      const instance = instanceIn(body)
      if (instance === null) return context.log('warn', 'hello not understood', { detail: { child } })
      const last = current.get(child)
      if (last === instance) return
      const before = earlier.get(child) ?? new Set<string>()
      earlier.set(child, before)
      if (before.has(instance))
        context.log('error', 'two processes speak as one node', { code: 'NODE_CLONED', detail: { child } })
      if (last !== undefined) before.add(last)
      current.set(child, instance)
    },
  }
}

function instanceIn(hello: Uint8Array): string | null {
  try {
    return decodeHello(hello).instance
  } catch (error) {
    if (error instanceof RelayError) return null
    throw error
  }
}
