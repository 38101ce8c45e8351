/** How long commands that ask other nodes wait for each. */
import { RelayError } from '@lienthong/core'
import type { Patience } from '@lienthong/relay'
import type { CommandInput, Context, OptionSpec } from './command.ts'
import { parseDuration } from './config/units.ts'

const [leastMs, mostMs] = [100, 25_000]

export const patienceOption = {
  timeout: { describe: 'option.diagnosis.timeout', type: 'text', default: '5s' },
} as const satisfies Record<string, OptionSpec>

/** Throws USAGE. */
export function patienceIn(input: CommandInput, { say }: Context): Patience {
  const written = input.text('timeout')
  if (written === undefined) return {}
  const timeoutMs = parseDuration(written)
  if (timeoutMs === null || timeoutMs < leastMs || timeoutMs > mostMs) {
    throw new RelayError('USAGE', { detail: { reason: say('usage.timeout') } })
  }
  return { timeoutMs }
}
