import { RelayError } from '@lienthong/core'
import type { Names } from './contract.ts'

/** Names of the broker objects of a node. */
export const names: Names = {
  submit: 'lt.submit',
  out: 'lt.out',
  dead: 'lt.dead',
  notify: 'lt.notify',
  join: 'lt.join',
  from: (child) => `lt.from.${child}`,
  transit: (lane) => `lt.transit.${lane}`,
  up: (lane) => `lt.up.${lane}`,
  link: (child, lane) => `lt.link.${child}.${lane}`,
  notices: (system) => `lt.notify.${system}`,
  guest: (invitation) => `lt.join.${invitation}`,
}

const accountId = /^[A-Za-z0-9._-]+$/

/** Longest id of a node or system: it stands in names that AMQP limits to 255 bytes. */
const maxIdLength = 128

/** Checks an id that becomes an account and part of names and patterns. Throws CONFIG_INVALID. */
export function checkAccountId(id: string): void {
  if (!accountId.test(id) || id.length > maxIdLength) {
    throw new RelayError('CONFIG_INVALID', { detail: { id, reason: 'not an id of letters, digits, dot, _ and -' } })
  }
}

/** The text as a regular expression that matches nothing else. Dots of a node id would match any character. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
