import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { systemReason } from '../config/read-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable } from '../output.ts'
import { printable } from '../printable.ts'

export const submitCommand: CommandSpec = {
  path: ['submit'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.submit',
  options: {
    as: { describe: 'option.asSender', type: 'text', required: true },
    to: { describe: 'option.to', type: 'list' },
    ...nodeOptions,
  },
  examples: [
    { command: 'submit cong-van.edxml --as H29.18.05', describe: 'example.submit' },
    { command: 'submit - --as G22 --to H29 --to H26 < thong-bao.edxml', describe: 'example.submitTo' },
  ],
  run: async (input, context) => {
    const { stdin, workingDir } = context.terminal
    const file = input.required('file')
    // Opened first: a file that cannot be read is worth saying even when the node is away.
    const body = file === '-' ? stdin : await openPacket(resolve(workingDir, file), file)
    const node = await chosenNode(input, context)
    const reply = await node.submit(body, { as: input.required('as'), to: input.list('to') })
    const { warningSentence } = await import('@lienthong/edxml')
    const warnings = reply.warnings.map((warning) => ({
      ...warning,
      text: warningSentence(context.language, warning),
    }))
    await context.print({
      json: { ...reply, warnings },
      table: () => {
        const rows = reply.recipients.map(({ organ, outcome }) => [organ, context.say(`outcome.${outcome}`)])
        const headings = [context.say('heading.recipient'), context.say('heading.outcome')]
        const sent = `${renderFacts([[context.say('heading.uid'), reply.uid]])}\n\n${renderTable(headings, rows)}`
        if (warnings.length === 0) return sent
        const lines = warnings.map(({ code, text }) => `- ${printable(text)} [${code}]`)
        return [sent, '', context.say('submit.warnings'), ...lines].join('\n')
      },
    })
    return exitCodes.ok
  },
}

async function openPacket(path: string, shown: string): Promise<AsyncIterable<Uint8Array>> {
  const unreadable = (cause: unknown) =>
    new RelayError('FILE_UNREADABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  try {
    const handle = await open(path)
    if ((await handle.stat()).isDirectory()) {
      await handle.close()
      throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    }
    return readPacket(handle.createReadStream({ highWaterMark: 256 * 1024 }), unreadable)
  } catch (error) {
    throw unreadable(error)
  }
}

async function* readPacket(
  stream: AsyncIterable<Uint8Array>,
  unreadable: (cause: unknown) => RelayError,
): AsyncIterable<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw unreadable(error)
  }
}
