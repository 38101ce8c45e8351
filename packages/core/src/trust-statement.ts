/**
 * What a key signs when it vouches for another, takes one back or joins: the only place that says so.
 *
 * A statement is ASCII text, one field a line, every line ended by a line feed:
 *
 *   lienthong key voucher 1          lienthong key revocation 1
 *   node H29.18                      kid H29.18#1
 *   kid H29.18#2                     publicKey …
 *   publicKey …                      revokedAt 1767225600000
 *   validFrom 1767225600000
 *   until -
 *   replaces H29.18#1
 *
 * All fields, in this order, `-` for none, instants in milliseconds since 1970. No value contains a
 * space or a line feed and none but `-` stands for nothing, so two different things never read the
 * same; the first line keeps a statement from being taken for another kind, and a seal, whose bytes
 * begin with 0x84, for either.
 */
import type { NodeKey } from './directory.ts'
import type { NodeId } from './document.ts'

/** Printable ASCII without the space, and not the sign for nothing. */
const word = /^(?!-$)[!-~]{1,64}$/
const publicKeyForm = /^[A-Za-z0-9_-]{43}$/

/** The node a kid belongs to: `H29.18` of `H29.18#2`; null when it is no kid. */
export function nodeOfKid(kid: string): NodeId | null {
  return /^(.+)#[1-9][0-9]{0,9}$/su.exec(kid)?.[1] ?? null
}

/** The number of a kid: 2 of `H29.18#2`; null when it is no kid. */
export function numberOfKid(kid: string): number | null {
  return nodeOfKid(kid) === null ? null : Number(kid.slice(kid.lastIndexOf('#') + 1))
}

/** The fields of a key that are signed; `until` is the signer's, not the key's own `validTo`. */
export type StatedKey = Pick<NodeKey, 'kid' | 'publicKey' | 'validFrom' | 'replaces'> & { readonly until?: number }

/** The bytes a voucher signs; null for a key that no statement can name. */
export function keyStatement({ kid, publicKey, validFrom, until, replaces }: StatedKey): Uint8Array | null {
  const node = nodeOfKid(kid)
  if (node === null || !publicKeyForm.test(publicKey)) return null
  return statement('lienthong key voucher 1', [
    ['node', node],
    ['kid', kid],
    ['publicKey', publicKey],
    ['validFrom', validFrom],
    ['until', until],
    ['replaces', replaces],
  ])
}

/** The bytes a revocation signs; null for a key that no statement can name. */
export function revocationStatement(about: {
  readonly kid: string
  readonly publicKey: string
  readonly revokedAt: number
}): Uint8Array | null {
  if (nodeOfKid(about.kid) === null || !publicKeyForm.test(about.publicKey)) return null
  return statement('lienthong key revocation 1', [
    ['kid', about.kid],
    ['publicKey', about.publicKey],
    ['revokedAt', about.revokedAt],
  ])
}

/** The bytes a node signs to show that it has the key it wants to join with; null for what no statement can name. */
export function joinStatement(about: {
  readonly node: NodeId
  readonly kid: string
  readonly publicKey: string
  /** Id of the invitation; absent in a request that travels as a file. */
  readonly invitation?: string
}): Uint8Array | null {
  if (nodeOfKid(about.kid) !== about.node || !publicKeyForm.test(about.publicKey)) return null
  return statement('lienthong join 1', [
    ['node', about.node],
    ['kid', about.kid],
    ['publicKey', about.publicKey],
    ['invitation', about.invitation],
  ])
}

function statement(
  title: string,
  fields: readonly (readonly [name: string, value: string | number | undefined])[],
): Uint8Array | null {
  const lines = [title]
  for (const [name, value] of fields) {
    if (typeof value === 'number' ? !isInstant(value) : value !== undefined && !word.test(value)) return null
    lines.push(`${name} ${value ?? '-'}`)
  }
  return Uint8Array.from(`${lines.join('\n')}\n`, (character) => character.charCodeAt(0))
}

function isInstant(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
