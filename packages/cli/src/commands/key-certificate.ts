import { resolve } from 'node:path'
import {
  type Directory,
  keyState,
  lookupKey,
  type Organisation,
  plainFingerprint,
  RelayError,
  type SigningCertificate,
} from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { writtenInstant } from '../config/instant.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderTable, renderTime } from '../output.ts'
import { wholeSecond } from './key-create.ts'

const directoryOption = { describe: 'option.key.directory', type: 'text', required: true } as const

export const certificateAddCommand: CommandSpec = {
  path: ['key', 'certificate', 'add'],
  positionals: '<organ> <certificate>',
  positionalHelp: { organ: 'help.key.organ', certificate: 'help.key.certificate.file' },
  describe: 'help.key.certificate.add',
  options: { directory: directoryOption },
  examples: [
    { command: 'key certificate add H29 h29.pem --directory directory.yaml', describe: 'example.certificateAdd' },
  ],
  run: async (input, context) => {
    const { readCertificate } = await import('../certificate-file.ts')
    const certificate = await readCertificate(input.required('certificate'), context)
    return change(input.required('organ'), { shown: input.required('directory'), context }, (organ) => {
      const known = organ.certificates?.find(({ fingerprint }) => fingerprint === certificate.fingerprint)
      if (known !== undefined) return { certificate: known }
      const [validFrom, validTo] = [writtenInstant(certificate.validFrom), writtenInstant(certificate.validTo)]
      return { certificate, add: { fingerprint: certificate.fingerprint, validFrom, validTo } }
    })
  },
}

export const certificateRevokeCommand: CommandSpec = {
  path: ['key', 'certificate', 'revoke'],
  positionals: '<organ> <certificate>',
  positionalHelp: { organ: 'help.key.organ', certificate: 'help.key.certificate.print' },
  describe: 'help.key.certificate.revoke',
  options: { directory: directoryOption },
  examples: [
    { command: 'key certificate revoke H29 h29.pem --directory directory.yaml', describe: 'example.certificateRevoke' },
  ],
  run: async (input, context) => {
    const named = input.required('certificate')
    const print = plainFingerprint(named)
    const { fingerprintOf } = await import('../certificate-file.ts')
    const fingerprint = /^[0-9a-f]{64}$/.test(print) ? print : await fingerprintOf(named, context)
    return change(input.required('organ'), { shown: input.required('directory'), context }, (organ) => {
      const index = organ.certificates?.findIndex((known) => known.fingerprint === fingerprint) ?? -1
      const known = organ.certificates?.[index]
      if (known === undefined) throw new RelayError('NOT_FOUND', { detail: { what: fingerprint } })
      if (known.revokedAt !== undefined) return { certificate: known }
      const revokedAt = wholeSecond(Date.now())
      return { certificate: { ...known, revokedAt }, revoke: { index, at: writtenInstant(revokedAt) } }
    })
  },
}

export const certificateListCommand: CommandSpec = {
  path: ['key', 'certificate', 'list'],
  positionals: '[organ]',
  positionalHelp: { organ: 'help.key.organ' },
  describe: 'help.key.certificate.list',
  options: { directory: { describe: 'option.key.look', type: 'text', required: true } },
  examples: [{ command: 'key certificate list H29 --directory directory.yaml', describe: 'example.certificateList' }],
  run: async (input, context) => {
    const [code, shown] = [input.text('organ'), input.required('directory')]
    const { readDirectoryFile } = await import('../config/directory-file.ts')
    const directory = valueOrRefuse(await readDirectoryFile(resolve(context.terminal.workingDir, shown), shown))
    const organs = code === undefined ? directory.organisations : [organOf(directory, code).organ]
    const rows = organs.flatMap(({ id, certificates = [] }) =>
      certificates.map((one) => ({ organ: id, ...stated(one) })),
    )
    await context.print({
      json: rows,
      table: () => (rows.length === 0 ? context.say('certificate.none') : certificatesTable(rows, context)),
    })
    return exitCodes.ok
  },
}

/** The certificate meant, as it will be, and what is to be written; nothing when it is so already. */
interface Decision {
  readonly certificate: SigningCertificate
  readonly add?: object
  readonly revoke?: { readonly index: number; readonly at: string }
}

/** Changes the certificates of one organisation, unless there is nothing to change, and shows the one meant. */
async function change(
  code: string,
  { shown, context }: { readonly shown: string; readonly context: Context },
  decide: (organ: Organisation) => Decision,
) {
  const { editDirectoryFile } = await import('../config/directory-edit.ts')
  const edit = await editDirectoryFile(resolve(context.terminal.workingDir, shown), shown)
  const { organ, index } = organOf(edit.directory, code)
  const path = ['organisations', index, 'certificates']
  const { certificate, add, revoke } = decide(organ)
  if (add !== undefined) edit.append(path, add)
  if (revoke !== undefined) edit.set([...path, revoke.index, 'revokedAt'], revoke.at)
  const changed = add !== undefined || revoke !== undefined
  const { version } = changed ? await edit.save() : edit.directory
  const before = organ.certificates?.find(({ fingerprint }) => fingerprint === certificate.fingerprint)
  const row = { organ: organ.id, ...stated(certificate) }
  const { say } = context
  await context.print({
    json: { ...row, changed, before: before ?? null, directory: { file: shown, version } },
    table: () => {
      const was = before === undefined ? '–' : say(`key.state.${stated(before).state}`)
      const said = changed
        ? `${say('heading.before')}: ${was}\n${say('key.distribute', { file: shown, version })}`
        : row.state === 'revoked'
          ? say('key.alreadyRevoked', { at: renderTime(certificate.revokedAt ?? null) })
          : say('certificate.already')
      return `${certificatesTable([row], context)}\n\n${said}`
    },
  })
  return exitCodes.ok
}

/** By any code the directory knows it by; an id outranks a code given out anew. Throws NOT_FOUND. */
function organOf({ organisations }: Directory, code: string) {
  const key = lookupKey(code)
  const byId = organisations.findIndex(({ id }) => lookupKey(id) === key)
  const byOther = ({ id, oldCode = id, code102 = id }: Organisation) =>
    [oldCode, code102].some((known) => lookupKey(known) === key)
  const index = byId < 0 ? organisations.findIndex(byOther) : byId
  const organ = organisations[index]
  if (organ === undefined) throw new RelayError('NOT_FOUND', { detail: { what: code } })
  return { organ, index }
}

function stated(certificate: SigningCertificate) {
  return { ...certificate, state: keyState(certificate, Date.now()) }
}

function certificatesTable(
  rows: readonly ({ readonly organ: string } & ReturnType<typeof stated>)[],
  { say }: Context,
): string {
  const headings = [
    say('heading.organisation'),
    say('heading.fingerprint'),
    say('heading.state'),
    say('heading.validFrom'),
    say('heading.validTo'),
  ]
  return renderTable(
    headings,
    rows.map(({ organ, fingerprint, state, validFrom, validTo }) => [
      organ,
      fingerprint,
      say(`key.state.${state}`),
      renderTime(validFrom ?? null),
      renderTime(validTo ?? null),
    ]),
  )
}
