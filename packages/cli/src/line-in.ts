/** The line of an invitation, a request or an answer to one, as a command is given it. */
import { resolve } from 'node:path'
import type { Context } from './command.ts'
import { readSmallFile } from './config/read-file.ts'

const maxLineBytes = 512 * 1024

/** The line itself, the file it is in, or standard input: on a command line others of the machine can read it. */
export async function lineIn(given: string, { terminal }: Context): Promise<string> {
  if (/^lt[a-z]?1\./.test(given)) return given
  if (given !== '-') return readSmallFile(resolve(terminal.workingDir, given), { shown: given, maxBytes: maxLineBytes })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of terminal.stdin) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxLineBytes) break
  }
  return Buffer.concat(chunks).toString()
}
