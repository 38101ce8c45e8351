/** Tables looked at with a directory file instead of a running node. */
import { resolve } from 'node:path'
import { type Declared, type DeclaredPlace, type Directory, nothingDeclared, RelayError } from '@lienthong/core'
import type { CommandInput, Context, OptionSpec } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'

export const offlineOptions = {
  directory: { describe: 'option.directory', type: 'text' },
  node: { describe: 'option.offline.node', type: 'text' },
} as const satisfies Record<string, OptionSpec>

/** The node named by `--node` in the file named by `--directory`; null without one. Throws USAGE, CONFIG_INVALID, FILE_UNREADABLE. */
export async function offlinePlace(input: CommandInput, context: Context): Promise<DeclaredPlace | null> {
  const [file, self] = [input.text('directory'), input.text('node')]
  if (file === undefined && self === undefined) return null
  if (file === undefined || self === undefined) {
    throw new RelayError('USAGE', { detail: { reason: '--directory, --node' } })
  }
  const { readDirectoryFile } = await import('../config/directory-file.ts')
  const directory = valueOrRefuse(await readDirectoryFile(resolve(context.terminal.workingDir, file), file))
  if (!directory.nodes.some(({ id }) => id === self)) throw new RelayError('NOT_FOUND', { detail: { what: self } })
  // A file says nothing of delegations; those of the content are compared with each other.
  return { self, delegates: null, directory, current: servedBy(self, directory), at: Date.now() }
}

function servedBy(self: string, { organisations, nodes }: Directory): Declared {
  return {
    ...nothingDeclared,
    children: nodes.filter(({ parent }) => parent === self).map(({ id, tier }) => ({ id, tier, delegates: [] })),
    organisations: organisations.filter(({ node }) => node === self).map(({ node: _node, ...rest }) => rest),
  }
}
