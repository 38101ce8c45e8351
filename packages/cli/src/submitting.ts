/** A packet on its way to a node, and what the node said of it. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { SubmitReply } from '@lienthong/relay'
import type { Context } from './command.ts'
import { systemReason } from './config/read-file.ts'
import { renderFacts, renderTable } from './output.ts'
import { printable } from './printable.ts'

/** `-` is standard input. Throws FILE_UNREADABLE. */
export async function openPacketFile(file: string, { terminal }: Context): Promise<AsyncIterable<Uint8Array>> {
  return file === '-' ? terminal.stdin : openFile(resolve(terminal.workingDir, file), file)
}

export async function printSubmitted(reply: SubmitReply, context: Context): Promise<void> {
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
}

async function openFile(path: string, shown: string): Promise<AsyncIterable<Uint8Array>> {
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
