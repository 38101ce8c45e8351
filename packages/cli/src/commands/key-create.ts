import { parseWhole, RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderFacts } from '../output.ts'

export const keyCreateCommand: CommandSpec = {
  path: ['key', 'create'],
  positionals: '<file>',
  positionalHelp: { file: 'help.key.file' },
  describe: 'help.key.create',
  options: {
    node: { describe: 'option.node', type: 'text', required: true },
    number: { describe: 'option.keyNumber', type: 'text', default: '1' },
    'valid-for': { describe: 'option.key.validFor', type: 'text' },
  },
  examples: [{ command: 'key create node.key --node H29.18', describe: 'example.keyCreate' }],
  run: async (input, context) => {
    const [file, nodeId, written] = [input.required('file'), input.required('node'), input.text('number') ?? '1']
    const number = parseWhole(written)
    if (number === null || number < 1 || /[\s#]/.test(nodeId)) {
      const reason = number === null || number < 1 ? `--number "${written}"` : `--node "${nodeId}"`
      throw new RelayError('USAGE', { detail: { reason } })
    }
    const validForMs = durationOf(input.text('valid-for'), 'valid-for')
    const { createSealingKey } = await import('@lienthong/link')
    const [{ writeKeyFile }, { fileEntry }, { stringify }] = await Promise.all([
      import('../key-file.ts'),
      import('../key-entry.ts'),
      import('yaml'),
    ])
    const key = createSealingKey(nodeId, number)
    await writeKeyFile(file, key, context)
    const from = wholeSecond(Date.now())
    const entry = {
      kid: key.kid,
      publicKey: key.publicKey,
      ...(validForMs === null ? {} : { validFrom: from, validTo: from + validForMs }),
    }
    await context.print({
      json: { file, ...entry },
      table: () => {
        const facts = renderFacts([
          [context.say('heading.file'), file],
          ['kid', entry.kid],
          ['publicKey', entry.publicKey],
        ])
        return `${facts}\n\n${context.say('key.next')}\n${indented(stringify([fileEntry(entry)], { lineWidth: 0 }))}`
      },
    })
    return exitCodes.ok
  },
}

/** Milliseconds of an option such as `30d`; null when it is not given. Throws USAGE. */
export function durationOf(written: string | undefined, name: string): number | null {
  if (written === undefined) return null
  const parsed = parseDuration(written)
  if (parsed === null || parsed === 0) throw new RelayError('USAGE', { detail: { reason: `--${name} "${written}"` } })
  return parsed
}

/** Instants are written to the second, and signed as they are written. */
export function wholeSecond(ms: number): number {
  return ms - (ms % 1000)
}

export function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '  ')
}
