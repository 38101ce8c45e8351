/** What one sends to whoever helps: how a node does, without anything secret and without any document. */
import { parseWhole, RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { nodeOptions } from '../node-choice.ts'
import { renderBytes, renderTable } from '../output.ts'
import { writeBody } from '../write-body.ts'

const defaultLines = 2000
const folder = 'lienthong-support'

export const supportBundleCommand: CommandSpec = {
  path: ['support', 'bundle'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.support.bundle',
  options: {
    out: { describe: 'option.support.out', type: 'text', required: true },
    log: { describe: 'option.support.log', type: 'list' },
    lines: { describe: 'option.support.lines', type: 'text', default: String(defaultLines) },
    ...nodeOptions,
  },
  examples: [{ command: 'support bundle --out h29.tar.gz --log node.log', describe: 'example.supportBundle' }],
  run: async (input, context) => {
    const out = input.required('out')
    if (out === '-') throw new RelayError('USAGE', { detail: { reason: '--out -' } })
    const written = input.text('lines') ?? String(defaultLines)
    const lines = parseWhole(written)
    if (lines === null || lines < 1) throw new RelayError('USAGE', { detail: { reason: `--lines "${written}"` } })
    const { collectBundle } = await import('../support/collect.ts')
    const { archiveOf } = await import('../support/archive.ts')
    const parts = await collectBundle(input, context, { logs: input.list('log'), lines })
    const items = parts.map(({ name, what, text }) => {
      return { name: `${folder}/${name}`, bytes: Buffer.byteLength(text), what: context.say(what) }
    })
    const headings = [context.say('heading.file'), context.say('heading.size'), context.say('support.what')]
    const rows = items.map(({ name, bytes, what }) => [name, renderBytes(bytes), what])
    // Before anything is written, so that one can still say no to sending it.
    await context.print({ json: { file: out, items }, table: () => renderTable(headings, rows) })
    await writeBody(archiveOf(folder, parts), out, context.terminal, { mode: 0o600 })
    await context.note(context.say('support.written', { file: out }))
    return exitCodes.ok
  },
}
