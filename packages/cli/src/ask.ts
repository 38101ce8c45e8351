/** A question to the person at the terminal. */
import type { Terminal } from './terminal.ts'

const yes: readonly string[] = ['y', 'yes', 'c', 'co', 'có']

/** Anything but a clear yes is a no, also the end of the input. */
export async function askYes(question: string, { stdin, stderr }: Terminal): Promise<boolean> {
  stderr.write(`${question} `)
  const answer = await firstLine(stdin)
  return yes.includes(answer.trim().normalize('NFC').toLowerCase())
}

async function firstLine(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) {
    chunks.push(chunk)
    if (chunk.includes(0x0a)) break
  }
  return Buffer.concat(chunks).toString().split('\n')[0] ?? ''
}
