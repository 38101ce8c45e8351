import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { readPem } from '../edoc/pem.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderBytes, renderFacts } from '../output.ts'
import { writeBody } from '../write-body.ts'

export const edocBuildCommand: CommandSpec = {
  path: ['edoc', 'build'],
  positionals: '<file>',
  positionalHelp: { file: 'help.edoc.description' },
  describe: 'help.edoc.build',
  options: {
    out: { describe: 'option.out', type: 'text', required: true },
    sign: { describe: 'option.edoc.sign', type: 'text' },
    certificate: { describe: 'option.edoc.certificate', type: 'text' },
  },
  examples: [{ command: 'edoc build mo-ta.yaml --out cong-van.edxml', describe: 'example.edocBuild' }],
  run: async (input, context) => {
    const out = input.required('out')
    const { writeDocument, writeStatus } = await import('@lienthong/edxml')
    const { readDescription } = await import('../edoc/description.ts')
    const described = await readDescription(input.required('file'), Date.now(), context)
    const written = described.kind === 'status' ? once(writeStatus(described.packet)) : writeDocument(described.packet)
    let size = 0
    const body = await signedOr(written, input, context)
    await writeBody(
      counted(body, (bytes) => (size += bytes)),
      out,
      context.terminal,
    )
    if (out !== '-') {
      await context.print({
        json: { file: out, size },
        table: () =>
          renderFacts([
            [context.say('heading.file'), out],
            [context.say('heading.size'), renderBytes(size)],
          ]),
      })
    }
    return exitCodes.ok
  },
}

/** A signature covers all of the packet, so signing needs it in memory. */
async function signedOr(
  written: AsyncIterable<Uint8Array>,
  input: CommandInput,
  context: Context,
): Promise<AsyncIterable<Uint8Array>> {
  const [sign, certificate] = [input.text('sign'), input.text('certificate')]
  if (sign === undefined) return written
  const chunks: Uint8Array[] = []
  for await (const chunk of written) chunks.push(chunk)
  const signer = {
    privateKey: await readPem(sign, context),
    ...(certificate === undefined ? {} : { certificate: await readPem(certificate, context) }),
  }
  const { signPacket } = await import('@lienthong/edxml')
  return once(await signPacket(Buffer.concat(chunks), signer))
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

async function* counted(source: AsyncIterable<Uint8Array>, add: (bytes: number) => void): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    add(chunk.length)
    yield chunk
  }
}
