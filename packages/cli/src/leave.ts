/** Leaving a parent, once nothing is under way any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RelayError } from '@lienthong/core'
import type { ControlClient } from './control/client.ts'

const lookEveryMs = 2_000

/** `onWaiting` is told each time something is left to do; what it throws ends the waiting. */
export async function leaveWhenDrained(
  { joining }: Pick<ControlClient, 'joining'>,
  act: Parameters<ControlClient['joining']['leave']>[0],
  onWaiting: (notYet: RelayError) => Promise<void>,
): ReturnType<ControlClient['joining']['leave']> {
  for (;;) {
    try {
      return await joining.leave(act)
    } catch (error) {
      if (!(error instanceof RelayError) || error.code !== 'NODE_NOT_DRAINED') throw error
      await onWaiting(error)
    }
    await sleep(lookEveryMs)
  }
}

/** What is left to do, as NODE_NOT_DRAINED says it. */
export function leftIn({ detail }: RelayError): Record<'documents' | 'rows' | 'assemblies' | 'spool', number> {
  const count = (name: string) => Number(detail[name] ?? 0)
  return {
    documents: count('documents'),
    rows: count('rows'),
    assemblies: count('assemblies'),
    spool: count('spool'),
  }
}
