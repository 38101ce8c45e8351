/** Calls about an axis before it is connected to the one above. */
import { type BridgeFacts, RelayError } from '@lienthong/core'
import type { BridgeOverlaps } from '@lienthong/relay'
import type { Calls } from './declared-calls.ts'

/** Every call throws DIRECTORY_FIXED where the directory is a file. */
export interface ControlledBridging {
  facts(statusDays: number): Promise<BridgeFacts>
  overlaps(token: string): Promise<BridgeOverlaps>
}

export function bridgeCalls({ get, post }: Calls): ControlledBridging {
  return {
    facts: (statusDays) => get('/bridge/facts', { statusDays }),
    overlaps: (token) => post('/bridge/overlaps', {}, { token }),
  }
}

/** What both sides claim, or the parent whose software cannot tell. */
export async function overlapsOf(
  { bridging }: { readonly bridging: ControlledBridging },
  token: string,
): Promise<BridgeOverlaps | { readonly older: string }> {
  try {
    return await bridging.overlaps(token)
  } catch (error) {
    if (!(error instanceof RelayError) || error.code !== 'PARENT_OLDER') throw error
    return { older: String(error.detail['parent']) }
  }
}
