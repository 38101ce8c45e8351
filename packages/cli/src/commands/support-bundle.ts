/** What one sends to whoever helps: how a node does, without anything secret and without any document. */
import { buffer } from 'node:stream/consumers'
import { parseWhole, RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { nodeOptions } from '../node-choice.ts'
import { renderBytes, renderTable } from '../output.ts'
import { sendBundle, sendingIn, sendingText, sendOptions, sha256Of, tellSent } from '../support/send-parent.ts'
import { writeBody } from '../write-body.ts'

const defaultLines = 2000
const folder = 'lienthong-support'

export const supportBundleCommand: CommandSpec = {
  path: ['support', 'bundle'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.support.bundle',
  options: {
    out: { describe: 'option.support.out', type: 'text' },
    ...sendOptions,
    log: { describe: 'option.support.log', type: 'list' },
    lines: { describe: 'option.support.lines', type: 'text', default: String(defaultLines) },
    ...nodeOptions,
  },
  examples: [
    { command: 'support bundle --out h29.tar.gz --log node.log', describe: 'example.supportBundle' },
    { command: 'support bundle --send-parent --log node.log', describe: 'example.supportSend' },
  ],
  run: async (input, context) => {
    const out = input.text('out') ?? null
    if (out === '-') throw new RelayError('USAGE', { detail: { reason: '--out -' } })
    const written = input.text('lines') ?? String(defaultLines)
    const lines = parseWhole(written)
    if (lines === null || lines < 1) throw new RelayError('USAGE', { detail: { reason: `--lines "${written}"` } })
    const sending = await sendingIn(input, context)
    if (out === null && sending === null) {
      throw new RelayError('USAGE', { detail: { reason: '--out, --send-parent' } })
    }
    const { collectBundle } = await import('../support/collect.ts')
    const { archiveOf } = await import('../support/archive.ts')
    const parts = await collectBundle(input, context, { logs: input.list('log'), lines })
    const items = parts.map(({ name, what, text }) => {
      return { name: `${folder}/${name}`, bytes: Buffer.byteLength(text), what: context.say(what) }
    })
    const headings = [context.say('heading.file'), context.say('heading.size'), context.say('support.what')]
    const table = renderTable(
      headings,
      items.map(({ name, bytes, what }) => [name, renderBytes(bytes), what]),
    )
    const archive = archiveOf(folder, parts)
    if (sending === null) {
      // Before anything is written, so that one can still say no to sending it.
      await context.print({ json: { file: out, items }, table: () => table })
      await save(archive)
      return exitCodes.ok
    }
    // Gathered, so that what is written and what is sent are the same bytes.
    const bytes = await buffer(archive)
    const shown = `${table}\n\n${sendingText(sending, bytes, context)}`
    if (context.format === 'table') await context.print({ json: null, table: () => shown })
    else if (!input.flag('approve')) await context.note(shown)
    await save([bytes])
    const sent = await sendBundle(sending, bytes, input, context)
    if (context.format === 'json') {
      const outcome = sent === null ? null : { ...sent, sha256: sha256Of(bytes) }
      await context.print({ json: { file: out, items, sent: outcome }, table: () => '' })
    }
    return tellSent(sent, context)

    async function save(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
      if (out === null) return
      await writeBody(body, out, context.terminal, { mode: 0o600 })
      await context.note(context.say('support.written', { file: out }))
    }
  },
}
