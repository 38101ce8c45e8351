import { resolve } from 'node:path'
import { type Directory, keyStatement, type NodeKey, nodeOfKid, RelayError } from '@lienthong/core'
import type { SealingKey } from '@lienthong/link'
import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const keyVouchCommand: CommandSpec = {
  path: ['key', 'vouch'],
  positionals: '<kid>',
  positionalHelp: { kid: 'help.key.kid' },
  describe: 'help.key.vouch',
  options: {
    key: { describe: 'option.key.signer', type: 'text', required: true },
    directory: { describe: 'option.key.directory', type: 'text', required: true },
  },
  examples: [{ command: 'key vouch H29.18#1 --key h29.key --directory directory.yaml', describe: 'example.keyVouch' }],
  run: async (input, context) => {
    const [kid, shown] = [input.required('kid'), input.required('directory')]
    const { readKeyFile } = await import('../key-file.ts')
    const { editDirectoryFile } = await import('../config/directory-edit.ts')
    const { changesTable, entryWith, fileVoucher, keyChanges, placeOfKey } = await import('../key-entry.ts')
    const { key } = await readKeyFile(input.required('key'), context)
    const edit = await editDirectoryFile(resolve(context.terminal.workingDir, shown), shown)
    const { directory } = edit
    const place = placeOfKey(directory, kid)
    if (place === null) throw new RelayError('NOT_FOUND', { detail: { what: kid } })
    const signer = entryWith(directory, nodeOfKid(key.kid) ?? '', key.publicKey)
    if (signer === undefined) throw new RelayError('KEY_UNKNOWN', { detail: { kid: key.kid } })
    if (signer.revokedAt !== undefined) throw new RelayError('KEY_REVOKED', { detail: { kid: signer.kid } })
    if (!mayVouch(directory, signer.kid, place.entry)) {
      const reason = context.say('key.mayNotVouch', { kid, by: signer.kid })
      throw new RelayError('USAGE', { detail: { reason } })
    }
    const voucher = voucherFor(place.entry, { by: signer.kid, key })
    const already = place.entry.vouchers?.some((known) => JSON.stringify(known) === JSON.stringify(voucher)) === true
    if (!already) edit.append(['nodes', place.node, 'keys', place.key, 'vouchers'], fileVoucher(voucher))
    const after = already ? directory : await edit.save()
    const changes = keyChanges(directory, after, Date.now())
    await context.print({
      json: { kid, by: signer.kid, changed: !already, changes, directory: { file: shown, version: after.version } },
      table: () =>
        already
          ? context.say('key.alreadyVouched', { kid, by: signer.kid })
          : `${changesTable(changes, context)}\n\n${context.say('key.distribute', { file: shown, version: after.version })}`,
    })
    return exitCodes.ok
  },
}

/** The parent, the grandparent, or the key that is replaced: nobody else's word counts. */
function mayVouch({ nodes }: Directory, by: string, entry: NodeKey): boolean {
  const parentOf = (id: string | null | undefined) => nodes.find((node) => node.id === id)?.parent
  const parent = parentOf(nodeOfKid(entry.kid))
  const signer = nodeOfKid(by)
  return by === entry.replaces || signer === parent || (parent !== null && signer === parentOf(parent))
}

/** Ed25519 is deterministic: the same voucher again is the same text. */
function voucherFor(entry: NodeKey, { by, key }: { readonly by: string; readonly key: SealingKey }) {
  const until = entry.validTo === undefined ? {} : { until: entry.validTo }
  const statement = keyStatement({ ...entry, ...until })
  if (statement === null) throw new RelayError('DIRECTORY_INVALID', { detail: { reason: 'kid', id: entry.kid } })
  return { by, signature: Buffer.from(key.sign(statement)).toString('base64url'), ...until }
}
