import { RelayError, sentence } from '@lienthong/core'
import type { Profile } from '@lienthong/edxml'
import type { CommandSpec } from '../command.ts'
import { readPem } from '../edoc/pem.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../printable.ts'

/** Why a packet proved nothing. Anything else – a key file that is none – is a failure of the command. */
const refusals = /^(SIGNATURE_|NOT_EDXML$|DOCUMENT_ID_MISSING$)/

export const edocVerifyCommand: CommandSpec = {
  path: ['edoc', 'verify'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.edoc.verify',
  options: {
    key: { describe: 'option.edoc.key', type: 'text', required: true },
    profile: { describe: 'option.edoc.profile', type: 'text', choices: ['edxml', 'generic'], default: 'edxml' },
  },
  examples: [{ command: 'edoc verify cong-van.edxml --key noi-gui.pem', describe: 'example.edocVerify' }],
  run: async (input, context) => {
    const [file, keyFile] = [input.required('file'), input.required('key')]
    const trusted = await readPem(keyFile, context)
    const profile = input.text('profile') === 'generic' ? 'generic' : 'edxml'
    const { readWhole } = await import('../edoc/read-file.ts')
    const refusal = await refusalOf(await readWhole(file, context), trusted, profile)
    const verified = refusal === null
    const code = verified ? 'VERIFIED' : refusal.code
    const text = verified ? context.say('edoc.verified') : sentence(context.language, refusal.code, refusal.detail).text
    await context.print({ json: { verified, code, text }, table: () => printable(`${text} [${code}]`) })
    return verified ? exitCodes.ok : exitCodes.refused
  },
}

/** null: the signature holds. */
async function refusalOf(packet: Uint8Array, trusted: string, profile: Profile): Promise<RelayError | null> {
  const { verifySignature } = await import('@lienthong/edxml')
  try {
    await verifySignature(packet, { profile, trusted })
    return null
  } catch (error) {
    if (error instanceof RelayError && refusals.test(error.code)) return error
    throw error
  }
}
