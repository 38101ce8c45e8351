import { resolve } from 'node:path'
import { type Directory, nodeOfKid } from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderFacts, renderTime } from '../output.ts'

export const keyShowCommand: CommandSpec = {
  path: ['key', 'show'],
  positionals: '<file>',
  positionalHelp: { file: 'help.key.own' },
  describe: 'help.key.show',
  options: { directory: { describe: 'option.key.look', type: 'text' } },
  examples: [{ command: 'key show node.key --directory directory.yaml', describe: 'example.keyShow' }],
  run: async (input, context) => {
    const [file, directoryFile] = [input.required('file'), input.text('directory')]
    const { keyFingerprint, readKeyFile } = await import('../key-file.ts')
    const { key, createdAt } = await readKeyFile(file, context)
    const { kid, publicKey } = key
    const shown = {
      file,
      kid,
      node: nodeOfKid(kid) ?? '',
      algorithm: 'Ed25519',
      publicKey,
      fingerprint: keyFingerprint(publicKey),
      createdAt,
    }
    const found = directoryFile === undefined ? null : await lookUp(await directoryOf(directoryFile, context), shown)
    const { periodText } = await import('../key-entry.ts')
    const { say } = context
    await context.print({
      json: { ...shown, directory: found },
      table: () =>
        renderFacts([
          [say('heading.file'), file],
          ['kid', kid],
          [say('heading.node'), shown.node],
          [say('heading.algorithm'), shown.algorithm],
          [say('heading.publicKey'), publicKey],
          [say('heading.fingerprint'), shown.fingerprint],
          ...(createdAt === null ? [] : [[say('heading.created'), renderTime(createdAt)] as const]),
          ...(found === null
            ? []
            : [
                [say('heading.state'), periodText(found.state, found.entry ?? {}, context)] as const,
                [say('heading.replaces'), found.entry?.replaces ?? ''] as const,
                [say('heading.vouchedBy'), found.entry?.vouchers?.map(({ by }) => by).join(', ') ?? ''] as const,
              ].filter(([, value]) => value !== '')),
        ]),
    })
    return exitCodes.ok
  },
}

async function directoryOf(file: string, { terminal }: Context): Promise<Directory> {
  const { readDirectoryFile } = await import('../config/directory-file.ts')
  return valueOrRefuse(await readDirectoryFile(resolve(terminal.workingDir, file), file))
}

/** By the public key: the directory is what others check by, and it may know the key by another number. */
async function lookUp(
  directory: Directory,
  { node, publicKey }: { readonly node: string; readonly publicKey: string },
) {
  const { entryWith, keyStates } = await import('../key-entry.ts')
  const entry = entryWith(directory, node, publicKey)
  const state = entry === undefined ? 'unknown' : (keyStates(directory, Date.now()).get(entry.kid) ?? 'unknown')
  return { version: directory.version, state, entry: entry ?? null }
}
