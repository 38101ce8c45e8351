import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { systemReason } from '../config/read-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderFacts } from '../output.ts'
import { parseWhole } from '../whole-number.ts'

export const keyCreateCommand: CommandSpec = {
  path: ['key', 'create'],
  positionals: '<file>',
  positionalHelp: { file: 'help.key.file' },
  describe: 'help.key.create',
  options: {
    node: { describe: 'option.node', type: 'text', required: true },
    number: { describe: 'option.keyNumber', type: 'text', default: '1' },
  },
  examples: [{ command: 'key create node.key --node H29.18', describe: 'example.keyCreate' }],
  run: async (input, context) => {
    const [file, nodeId, written] = [input.required('file'), input.required('node'), input.text('number') ?? '1']
    const number = parseWhole(written)
    if (number === null || number < 1 || /[\s#]/.test(nodeId)) {
      const reason = number === null || number < 1 ? `--number "${written}"` : `--node "${nodeId}"`
      throw new RelayError('USAGE', { detail: { reason } })
    }
    const { createSealingKey, sealingKeyToPem } = await import('@lienthong/link')
    const key = createSealingKey(nodeId, number)
    await writeKey(resolve(context.terminal.workingDir, file), file, sealingKeyToPem(key))
    const entry = { kid: key.kid, publicKey: key.publicKey }
    await context.print({
      json: { file, ...entry },
      table: () => {
        const facts = renderFacts([
          [context.say('heading.file'), file],
          ['kid', entry.kid],
          ['publicKey', entry.publicKey],
        ])
        return `${facts}\n\n${context.say('key.next')}\n  - kid: '${entry.kid}'\n    publicKey: '${entry.publicKey}'`
      },
    })
    return exitCodes.ok
  },
}

/** Never over an existing file: that key may have sealed documents that are still under way. */
async function writeKey(path: string, shown: string, pem: string): Promise<void> {
  try {
    const handle = await open(path, 'wx', 0o600)
    try {
      await handle.writeFile(pem)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  }
}
