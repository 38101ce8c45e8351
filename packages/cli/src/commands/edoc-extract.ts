import { lstat, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { systemReason } from '../config/read-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderBytes, renderTable } from '../output.ts'
import { writeBody } from '../write-body.ts'

interface Extracted {
  readonly name: string | null
  readonly file: string
  readonly type: string
  readonly size: number
  readonly sha256: string
}

export const edocExtractCommand: CommandSpec = {
  path: ['edoc', 'extract'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.edoc.extract',
  options: {
    dir: { describe: 'option.edoc.dir', type: 'text', default: '.' },
    force: { describe: 'option.edoc.force', type: 'flag' },
  },
  examples: [{ command: 'edoc extract cong-van.edxml --dir van-ban', describe: 'example.edocExtract' }],
  run: async (input, context) => {
    const shown = input.text('dir') ?? '.'
    const folder = resolve(context.terminal.workingDir, shown)
    await makeFolder(folder, shown)
    const { safeFileName } = await import('@lienthong/edxml')
    const { readPacketFile } = await import('../edoc/read-file.ts')
    const taken = new Set<string>()
    const files: Extracted[] = []
    await readPacketFile(input.required('file'), context, async (attachment) => {
      // A name that stands behind the content comes too late for it: the number serves instead.
      const name = freeName(safeFileName(attachment.claims.name ?? String(attachment.number)), taken)
      const path = join(folder, name)
      if (!input.flag('force')) await refuseExisting(path, join(shown, name))
      await writeBody(attachment.content, path, context.terminal)
      const facts = await attachment.facts()
      if (facts.file !== null) files.push({ name: facts.name, file: join(shown, name), ...facts.file })
    })
    await context.print({
      json: { files: files.map(({ name, file, type, size, sha256 }) => ({ name, file, type, size, sha256 })) },
      table: () =>
        renderTable(
          [context.say('heading.file'), context.say('heading.type'), context.say('heading.size')],
          files.map(({ file, type, size }) => [file, type, renderBytes(size)]),
        ),
    })
    return exitCodes.ok
  },
}

async function makeFolder(folder: string, shown: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  }
}

/** A name that no file of this packet has, whatever their case: `a.pdf`, `a (2).pdf`. */
function freeName(safe: string, taken: Set<string>): string {
  const dot = safe.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [safe.slice(0, dot), safe.slice(dot)] : [safe, '']
  let free = safe
  for (let copy = 2; taken.has(free.toLowerCase()); copy += 1) free = `${stem} (${copy})${extension}`
  taken.add(free.toLowerCase())
  return free
}

async function refuseExisting(path: string, shown: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found !== null) throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: 'EEXIST' } })
}
