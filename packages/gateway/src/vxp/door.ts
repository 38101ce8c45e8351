/** Who calls over VXP. An unknown system and a wrong secret are answered alike, and both wear out the caller. */
import { createHash, randomBytes } from 'node:crypto'
import { type OrganId, RelayError, type SystemScope } from '@lienthong/core'
import type { SystemDoor } from '@lienthong/relay'
import { openRateLimit } from '../rate-limit.ts'
import type { Fields } from './fields.ts'
import { isSigned, readCall } from './signed-call.ts'

/** Refused calls a minute, address and system. */
const refusalsPerMinute = 30
/** So that invented names fill no memory. A system shares the refusals of one name in so many at its address. */
const nameSlots = 1024

export interface Caller {
  readonly system: string
  readonly fields: Fields
}

/** Throws ACCESS_DENIED, RATE_LIMITED. */
export type VxpDoor = (call: { readonly ip: string; readonly rawHeaders: readonly string[] }) => Caller

export function openDoor(options: {
  readonly systems: SystemDoor
  readonly ratePerMinute: number
  readonly now: () => number
}): VxpDoor {
  const { systems, ratePerMinute, now } = options
  const calls = openRateLimit({ perMinute: ratePerMinute, now })
  const refusals = openRateLimit({ perMinute: refusalsPerMinute, now })
  const nobodysSecret = randomBytes(32).toString('hex')
  return ({ ip, rawHeaders }) => {
    const call = readCall(rawHeaders)
    const name = `${ip} ${slotOf(call?.systemId ?? '')}`
    // Before the secret is tried, so that guessing ends here.
    refusals.check(name)
    const secrets = call === null ? [] : systems.secretsOf(call.systemId)
    const signed = call !== null && isSigned(call, secrets.length === 0 ? [nobodysSecret] : secrets)
    if (!signed) {
      refusals.take(name)
      throw new RelayError('ACCESS_DENIED')
    }
    calls.take(call.systemId)
    return { system: call.systemId, fields: call.unverifiedFields }
  }
}

function slotOf(systemId: string): number {
  return createHash('sha256').update(systemId).digest().readUInt32BE() % nameSlots
}

/** Organisations the system may do this for, in the directory's spelling. Throws SCOPE_MISSING, ACCESS_DENIED. */
export function organisationsOf(systems: SystemDoor, system: string, scope: SystemScope): readonly OrganId[] {
  const view = systems.get(system)
  if (view === null) throw new RelayError('ACCESS_DENIED')
  if (!view.scopes.includes(scope)) throw new RelayError('SCOPE_MISSING', { detail: { system, scope } })
  return view.organisations.flatMap((code) => {
    try {
      return [systems.actingAs(system, code, scope)]
    } catch (error) {
      // It has moved to another node: the others go on.
      if (error instanceof RelayError && error.code === 'SENDER_NOT_ALLOWED') return []
      throw error
    }
  })
}
