/** Links and what was ordered of them, in words for people. */

import { childReasons, linkReasons, linkStops, type PlainPhraseKey } from '@lienthong/core'
import type { LinkView } from '@lienthong/relay'
import type { Context } from './command.ts'
import { renderBytes, renderTime } from './output.ts'

const reasonKeys: ReadonlyMap<string, PlainPhraseKey> = new Map(
  [...linkReasons, ...childReasons, ...linkStops, 'hold' as const].map((reason) => [
    reason,
    `link.reason.${reason}` as const,
  ]),
)

/** `paused by order; their broker is not reached: ECONNREFUSED`. */
export function reasonsText(reasons: readonly string[], { say }: Context): string {
  return reasons
    .map((reason) => {
      const [word = '', ...quote] = reason.split(': ')
      const key = reasonKeys.get(word)
      return [key === undefined ? word : say(key), ...quote].join(': ')
    })
    .join('; ')
}

export function orderText({ order }: LinkView, { say }: Context): string {
  if (order === null) return ''
  const { stop, until, bytesPerSecond, by, reason } = order
  const parts = [
    ...(stop === null ? [] : [until === null ? stop : say('link.order.until', { stop, until: renderTime(until) })]),
    ...(bytesPerSecond === null ? [] : [say('link.order.rate', { rate: renderBytes(bytesPerSecond) })]),
  ]
  const said = say('link.order.by', { what: parts.join(', '), by })
  return reason === '' ? said : `${said}: ${reason}`
}

export function queuedText({ queued }: LinkView, { say }: Context): string {
  return queued === null ? '' : say('link.queued', queued)
}
