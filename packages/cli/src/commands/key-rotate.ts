import { resolve } from 'node:path'
import { endedBy, keyState, keyStatement, type NodeKey, nodeOfKid, numberOfKid, RelayError } from '@lienthong/core'
import type { SealingKey } from '@lienthong/link'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import type { DirectoryEdit } from '../config/directory-edit.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderTime } from '../output.ts'
import { durationOf, indented, wholeSecond } from './key-create.ts'

const defaultOverlap = '30d'

export const keyRotateCommand: CommandSpec = {
  path: ['key', 'rotate'],
  positionals: '<file>',
  positionalHelp: { file: 'help.key.old' },
  describe: 'help.key.rotate',
  options: {
    node: { describe: 'option.key.nodeCheck', type: 'text' },
    directory: { describe: 'option.key.directory', type: 'text' },
    overlap: { describe: 'option.key.overlap', type: 'text', default: defaultOverlap },
    'valid-for': { describe: 'option.key.validFor', type: 'text' },
    out: { describe: 'option.key.out', type: 'text' },
  },
  examples: [
    { command: 'key rotate node.key --directory directory.yaml', describe: 'example.keyRotate' },
    { command: 'key rotate node.key --node H29.18 --overlap 60d', describe: 'example.keyRotateOut' },
  ],
  run: async (input, context) => {
    const { readKeyFile } = await import('../key-file.ts')
    const old = (await readKeyFile(input.required('file'), context)).key
    const [id, wanted] = [nodeOfKid(old.kid) ?? '', input.text('node')]
    if (wanted !== undefined && wanted !== id) {
      throw new RelayError('USAGE', { detail: { reason: context.say('usage.keyNode', { id }) } })
    }
    const periods = {
      overlapMs: durationOf(input.text('overlap') ?? defaultOverlap, 'overlap') ?? 0,
      validForMs: durationOf(input.text('valid-for'), 'valid-for'),
    }
    const directory = input.text('directory')
    if (directory === undefined) return rotateByHand(old, { input, periods }, context)
    return rotateInDirectory(old, { directory, input, periods }, context)
  },
}

interface Asked {
  readonly input: CommandInput
  readonly periods: Periods
}

interface Periods {
  readonly overlapMs: number
  readonly validForMs: number | null
}

/** Prints the two entries; the kid in the file is all there is to go by. */
async function rotateByHand(old: SealingKey, { input, periods }: Asked, context: Context) {
  const { writeKeyFile } = await import('../key-file.ts')
  const { createSealingKey } = await import('@lienthong/link')
  const node = nodeOfKid(old.kid) ?? ''
  const number = (numberOfKid(old.kid) ?? 0) + 1
  const next = createSealingKey(node, number)
  const file = outFile(input, number)
  await refuseExisting(file, context)
  await writeKeyFile(file, next, context)
  const entries = handOver(old, { next, entry: { kid: old.kid, publicKey: old.publicKey }, periods })
  const { fileEntry } = await import('../key-entry.ts')
  const { stringify } = await import('yaml')
  await context.print({
    json: { file, node, before: [], after: entries, directory: null },
    table: () => {
      const written = indented(stringify(entries.map(fileEntry), { lineWidth: 0 }))
      return `${context.say('key.replaceEntries', { node })}\n${written}\n\n${nextSteps(entries, file, context)}`
    },
  })
  return exitCodes.ok
}

async function rotateInDirectory(
  old: SealingKey,
  { directory: shown, input, periods }: Asked & { readonly directory: string },
  context: Context,
) {
  const { editDirectoryFile } = await import('../config/directory-edit.ts')
  const { changesTable, fileEntry, keyChanges } = await import('../key-entry.ts')
  const edit = await editDirectoryFile(resolve(context.terminal.workingDir, shown), shown)
  const place = placeToFollow(edit, old, shown)
  const { id, parent, keys } = place.node
  const number = Math.max(...keys.map(({ kid }) => numberOfKid(kid) ?? 0)) + 1
  const file = outFile(input, number)
  const next = await nextKey(file, { node: id, number }, context)
  const [ending, following] = handOver(
    { ...old, sign: (bytes) => old.sign(bytes) },
    { next, entry: place.entry, periods },
  )
  const path = ['nodes', place.nodeIndex, 'keys']
  if (ending.validTo !== place.entry.validTo) {
    edit.set([...path, place.keyIndex, 'validTo'], String(fileEntry(ending)['validTo']))
  }
  edit.append(path, fileEntry(following))
  const after = await edit.save()
  const changes = keyChanges(edit.directory, after, Date.now())
  const needsParent = after.roots !== undefined && changes.some(({ after: now }) => now?.state === 'unvouched')
  await context.print({
    json: {
      file,
      node: id,
      before: changes.flatMap(({ before }) => before ?? []),
      after: changes.flatMap(({ after: now }) => now ?? []),
      directory: { file: shown, before: edit.directory.version, after: after.version },
    },
    table: () =>
      [
        changesTable(changes, context),
        '',
        context.say('key.distribute', { file: shown, version: after.version }),
        nextSteps([ending, following], file, context),
        ...(needsParent ? [context.say('key.needsParent', { kid: following.kid, parent: parent ?? id })] : []),
      ].join('\n'),
  })
  return exitCodes.ok
}

/** Where the old key stands, if it may hand over. Throws NOT_FOUND, KEY_REVOKED, KEY_EXPIRED, KEY_EXISTS. */
function placeToFollow({ directory }: DirectoryEdit, old: SealingKey, shown: string) {
  const nodeIndex = directory.nodes.findIndex(({ id }) => id === nodeOfKid(old.kid))
  const node = directory.nodes[nodeIndex]
  // By the public key: the directory may know the key by another number than the file does.
  const keyIndex = node?.keys.findIndex(({ publicKey }) => publicKey === old.publicKey) ?? -1
  const entry = node?.keys[keyIndex]
  if (node === undefined || entry === undefined) throw new RelayError('NOT_FOUND', { detail: { what: old.kid } })
  const { kid } = entry
  const state = keyState(entry, Date.now())
  if (state === 'revoked') throw new RelayError('KEY_REVOKED', { detail: { kid } })
  if (state !== 'valid') throw new RelayError('KEY_EXPIRED', { detail: { kid, state } })
  const next = node.keys.find(({ replaces }) => replaces === kid)
  if (next !== undefined) throw new RelayError('KEY_EXISTS', { detail: { kid: next.kid, file: shown } })
  return { nodeIndex, node, keyIndex, entry }
}

/** A new key in this file, or the one a rotation left there that did not come to its end. Throws KEY_EXISTS. */
async function nextKey(
  file: string,
  { node, number }: { readonly node: string; readonly number: number },
  context: Context,
): Promise<SealingKey> {
  const { readKeyFile, writeKeyFile } = await import('../key-file.ts')
  if (await exists(file, context)) {
    const { key } = await readKeyFile(file, context)
    if (key.kid === `${node}#${number}`) return key
    throw new RelayError('KEY_EXISTS', { detail: { kid: key.kid, file } })
  }
  const { createSealingKey } = await import('@lienthong/link')
  const key = createSealingKey(node, number)
  await writeKeyFile(file, key, context)
  return key
}

/** The old entry with its end, and the new one with the old key's signature. */
function handOver(
  old: Pick<SealingKey, 'sign'>,
  { next, entry, periods }: { readonly next: SealingKey; readonly entry: NodeKey; readonly periods: Periods },
): readonly [ending: NodeKey, following: NodeKey] {
  const validFrom = wholeSecond(Date.now())
  const validTo = periods.validForMs === null ? null : validFrom + periods.validForMs
  const stated = { kid: next.kid, publicKey: next.publicKey, validFrom, replaces: entry.kid }
  const until = validTo === null ? {} : { until: validTo }
  const statement = keyStatement({ ...stated, ...until })
  if (statement === null) throw new RelayError('DIRECTORY_INVALID', { detail: { reason: 'kid', id: next.kid } })
  const signature = Buffer.from(old.sign(statement)).toString('base64url')
  const following = {
    ...stated,
    ...(validTo === null ? {} : { validTo }),
    vouchers: [{ by: entry.kid, signature, ...until }],
  }
  return [endedBy(entry, validFrom + periods.overlapMs), following]
}

function nextSteps([ending, following]: readonly [NodeKey, NodeKey], file: string, { say }: Context): string {
  return say('key.rotated', { kid: following.kid, file, until: renderTime(ending.validTo ?? null) })
}

/** `node.key` → `node-2.key`, beside it. */
function outFile(input: CommandInput, number: number): string {
  const [, stem = '', extension = ''] = /^(.*?)(?:-\d+)?(\.[^./]*)?$/s.exec(input.required('file')) ?? []
  return input.text('out') ?? `${stem}-${number}${extension}`
}

async function refuseExisting(file: string, context: Context): Promise<void> {
  if (await exists(file, context)) throw new RelayError('KEY_EXISTS', { detail: { file } })
}

async function exists(file: string, { terminal }: Context): Promise<boolean> {
  const { lstat } = await import('node:fs/promises')
  return lstat(resolve(terminal.workingDir, file)).then(
    () => true,
    () => false,
  )
}
