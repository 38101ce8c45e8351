import { resolve } from 'node:path'
import { type Directory, nodeOfKid, RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { writtenInstant } from '../config/instant.ts'
import { exitCodes } from '../exit-codes.ts'
import type { KeyChangeReport } from '../key-entry.ts'
import { renderTime } from '../output.ts'
import { wholeSecond } from './key-create.ts'

export const keyRevokeCommand: CommandSpec = {
  path: ['key', 'revoke'],
  positionals: '<kid>',
  positionalHelp: { kid: 'help.key.kid' },
  describe: 'help.key.revoke',
  options: {
    directory: { describe: 'option.key.directory', type: 'text', required: true },
    reason: { describe: 'option.key.reason', type: 'text', required: true },
  },
  examples: [
    { command: 'key revoke H29.18#1 --directory directory.yaml --reason stolen', describe: 'example.keyRevoke' },
  ],
  run: async (input, context) => {
    const [kid, shown] = [input.required('kid'), input.required('directory')]
    const { editDirectoryFile } = await import('../config/directory-edit.ts')
    const { changesTable, keyChanges, keyStates, placeOfKey } = await import('../key-entry.ts')
    const edit = await editDirectoryFile(resolve(context.terminal.workingDir, shown), shown)
    const place = placeOfKey(edit.directory, kid)
    if (place === null) throw new RelayError('NOT_FOUND', { detail: { what: kid } })
    const now = Date.now()
    const before = place.entry.revokedAt
    const path = ['nodes', place.node, 'keys', place.key]
    if (before === undefined) {
      edit.set([...path, 'revokedAt'], writtenInstant(wholeSecond(now)))
      edit.set([...path, 'revokedFor'], input.required('reason'))
    }
    const after = before === undefined ? await edit.save() : edit.directory
    const changes = keyChanges(edit.directory, after, now)
    const fallen = fallenKeys(changes, kid)
    const lastLiving = !hasLivingKey(after, keyStates(after, now), kid)
    const { say } = context
    await context.print({
      json: {
        kid,
        changed: before === undefined,
        changes,
        fallen,
        lastLiving,
        directory: { file: shown, version: after.version },
      },
      table: () =>
        [
          ...(before === undefined
            ? [changesTable(changes, context), '', say('key.distribute', { file: shown, version: after.version })]
            : [say('key.alreadyRevoked', { at: renderTime(before) })]),
          ...(fallen.length === 0 ? [] : [say('key.fallen', { kids: fallen.join(', ') })]),
          ...(lastLiving ? [say('key.lastLiving', { node: nodeOfKid(kid) ?? '' })] : []),
        ].join('\n'),
    })
    return exitCodes.ok
  },
}

/** Other keys that counted only by the word of this one. */
function fallenKeys(changes: readonly KeyChangeReport[], kid: string): readonly string[] {
  return changes
    .filter((change) => change.kid !== kid && change.before?.state === 'valid' && change.after?.state === 'unvouched')
    .map((change) => change.kid)
}

function hasLivingKey({ nodes }: Directory, states: ReadonlyMap<string, string>, kid: string): boolean {
  const keys = nodes.find(({ id }) => id === nodeOfKid(kid))?.keys ?? []
  return keys.some((key) => states.get(key.kid) === 'valid')
}
