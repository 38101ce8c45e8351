import { type Language, phrase } from '@lienthong/core'
import type { Context } from './command.ts'
import { drained } from './drained.ts'
import { printableJson } from './printable.ts'
import type { Terminal } from './terminal.ts'

export function createContext(
  terminal: Terminal,
  choice: { readonly language: Language; readonly format: 'table' | 'json'; readonly debug: boolean },
): Context {
  const { language, format } = choice
  return {
    terminal,
    ...choice,
    say: (key, ...values) => phrase(language, key, ...values),
    print: async ({ json, table }) => {
      await writeText(terminal.stdout, format === 'json' ? printableJson(json) : table())
    },
    note: async (line) => {
      await writeText(terminal.stderr, line)
    },
  }
}

/** Writes a line and waits while the reader is behind. */
async function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await drained(stream)
}
