/** Keys of a directory as commands show them and write them down. */
import { type Directory, findKey, type KeyState, type NodeKey, nodeOfKid, openRegistry } from '@lienthong/core'
import { verifySignature } from '@lienthong/link'
import type { Context } from './command.ts'
import { writtenInstant } from './config/instant.ts'
import { renderTable, renderTime } from './output.ts'

/** What a directory says of a key now: `unvouched` when no root leads to it. */
export type StateInDirectory = KeyState | 'unvouched' | 'unknown'

/** An entry as it stands in a directory file: instants as people write them. */
export function fileEntry({ vouchers, ...key }: NodeKey): Record<string, unknown> {
  const { kid, publicKey, validFrom, validTo, revokedAt, revokedFor, replaces } = key
  const written = Object.entries({ validFrom, validTo, revokedAt }).flatMap(([name, at]) =>
    at === undefined ? [] : [[name, writtenInstant(at)] as const],
  )
  return {
    kid,
    publicKey,
    ...Object.fromEntries(written),
    ...(revokedFor === undefined ? {} : { revokedFor }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(vouchers === undefined ? {} : { vouchers: vouchers.map(fileVoucher) }),
  }
}

export function fileVoucher({ by, signature, until }: NonNullable<NodeKey['vouchers']>[number]): object {
  return { by, signature, ...(until === undefined ? {} : { until: writtenInstant(until) }) }
}

/** States of all keys of a directory by kid. */
export function keyStates(directory: Directory, now: number): ReadonlyMap<string, StateInDirectory> {
  const registry = openRegistry(directory, verifySignature)
  const kids = directory.nodes.flatMap(({ keys }) => keys.map(({ kid }) => kid))
  return new Map(
    kids.map((kid) => {
      const answer = findKey(registry, kid, now)
      if (answer.found) return [kid, 'valid']
      if (answer.code === 'KEY_REVOKED') return [kid, 'revoked']
      if (answer.code === 'KEY_NOT_VOUCHED') return [kid, 'unvouched']
      return [kid, answer.detail['state'] === 'not-yet' ? 'not-yet' : 'expired']
    }),
  )
}

/** Where a key stands in a directory. */
export interface KeyPlace {
  readonly node: number
  readonly key: number
  readonly entry: NodeKey
}

export function placeOfKey(directory: Directory, kid: string): KeyPlace | null {
  const node = directory.nodes.findIndex(({ id }) => id === nodeOfKid(kid))
  const key = directory.nodes[node]?.keys.findIndex((own) => own.kid === kid) ?? -1
  const entry = directory.nodes[node]?.keys[key]
  return entry === undefined ? null : { node, key, entry }
}

/** The entry with this public key under this node; the kid a file writes down is not asked. */
export function entryWith(directory: Directory, nodeId: string, publicKey: string): NodeKey | undefined {
  return directory.nodes.find(({ id }) => id === nodeId)?.keys.find((key) => key.publicKey === publicKey)
}

/** What changed, key by key: its state and period before and after. */
export interface KeyChangeReport {
  readonly kid: string
  readonly before: KeyReport | null
  readonly after: KeyReport | null
}

export type KeyReport = NodeKey & { readonly state: StateInDirectory }

/** Every key whose entry or state differs between the two. */
export function keyChanges(before: Directory, after: Directory, now: number): readonly KeyChangeReport[] {
  const [old, fresh] = [reports(before, now), reports(after, now)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((kid) => {
    const change = { kid, before: old.get(kid) ?? null, after: fresh.get(kid) ?? null }
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change]
  })
}

function reports(directory: Directory, now: number): ReadonlyMap<string, KeyReport> {
  const states = keyStates(directory, now)
  const keys = directory.nodes.flatMap(({ keys: own }) => own)
  return new Map(keys.map((key) => [key.kid, { ...key, state: states.get(key.kid) ?? 'unknown' }]))
}

export function changesTable(changes: readonly KeyChangeReport[], context: Context): string {
  const { say } = context
  const cell = (report: KeyReport | null) => (report === null ? '–' : periodText(report.state, report, context))
  const headings = [say('heading.key'), say('heading.before'), say('heading.after')]
  return renderTable(
    headings,
    changes.map(({ kid, before, after }) => [kid, cell(before), cell(after)]),
  )
}

/** `valid, from 2026-01-15 08:00:00 to …`. */
export function periodText(
  state: StateInDirectory,
  { validFrom, validTo }: { readonly validFrom?: number; readonly validTo?: number },
  { say }: Context,
): string {
  const [word, from, to] = [say(`key.state.${state}`), renderTime(validFrom ?? null), renderTime(validTo ?? null)]
  if (from !== '' && to !== '') return say('key.window.both', { state: word, from, to })
  if (from !== '') return say('key.window.from', { state: word, from })
  return to === '' ? word : say('key.window.to', { state: word, to })
}
