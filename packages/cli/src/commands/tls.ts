import { X509Certificate } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { readSmallFile, systemReason } from '../config/read-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderFacts, renderTime } from '../output.ts'
import type { KeyAndCertificate } from '../tls/certificates.ts'
import { createFile, replaceFile } from '../whole-file.ts'
import { durationOf, wholeSecond } from './key-create.ts'

const maxPemBytes = 64 * 1024
const dayMs = 86_400_000
const publicMode = 0o644
/** Clocks of closed networks differ. */
const startedAgoMs = dayMs

export const tlsAuthorityCommand: CommandSpec = {
  path: ['tls', 'ca'],
  positionals: '<folder>',
  positionalHelp: { folder: 'help.tls.folder' },
  describe: 'help.tls.ca',
  options: {
    name: { describe: 'option.tls.name', type: 'text', required: true },
    'valid-for': { describe: 'option.tls.validFor', type: 'text', default: '3650d' },
  },
  examples: [{ command: 'tls ca /etc/lienthong/tls --name "H29 TLS"', describe: 'example.tlsCa' }],
  run: async (input, context) => {
    const folder = input.required('folder')
    const { createAuthority } = await import('../tls/certificates.ts')
    const made = await createAuthority(input.required('name'), periodOf(input, '3650d'))
    const files = filesOf(folder, 'ca')
    await writeNew(files, made, context)
    return await show(files, context)
  },
}

export const tlsIssueCommand: CommandSpec = {
  path: ['tls', 'issue'],
  positionals: '<names..>',
  positionalHelp: { names: 'help.tls.names' },
  describe: 'help.tls.issue',
  options: {
    ca: { describe: 'option.tls.ca', type: 'text', required: true },
    out: { describe: 'option.tls.out', type: 'text' },
    'valid-for': { describe: 'option.tls.validFor', type: 'text', default: '825d' },
    renew: { describe: 'option.tls.renew', type: 'flag' },
  },
  examples: [
    { command: 'tls issue broker.h29.example 10.29.0.5 --ca /etc/lienthong/tls', describe: 'example.tlsIssue' },
    { command: 'tls issue broker.h29.example --ca /etc/lienthong/tls --renew', describe: 'example.tlsRenew' },
  ],
  run: async (input, context) => {
    const [names, folder, renew] = [input.list('names'), input.required('ca'), input.flag('renew')]
    const wrong = names.find(
      (name) => isIP(name) === 0 && !/^(?:\*\.)?[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(name),
    )
    if (wrong !== undefined) throw new RelayError('USAGE', { detail: { reason: `"${wrong}"` } })
    const authority = await readPair(filesOf(folder, 'ca'), context)
    const files = filesOf(input.text('out') ?? folder, (names[0] ?? '').replace('*', 'any'))
    const key = renew ? (await readPair(files, context)).key : undefined
    const { issueCertificate } = await import('../tls/certificates.ts')
    const request = { names, ...periodOf(input, '825d'), ...(key === undefined ? {} : { key }) }
    const made = await issueCertificate(authority, request)
    if (made === null) {
      throw new RelayError('CONFIG_INVALID', { detail: { file: folder, reason: context.say('tls.otherKey') } })
    }
    if (renew) {
      const { certificate } = files
      await replaceFile(await placeOf(certificate, context), made.certificate, { mode: publicMode, shown: certificate })
    } else await writeNew(files, made, context)
    return await show(files, context)
  },
}

export const tlsShowCommand: CommandSpec = {
  path: ['tls', 'show'],
  positionals: '<certificate>',
  positionalHelp: { certificate: 'help.tls.certificate' },
  describe: 'help.tls.show',
  options: {},
  examples: [{ command: 'tls show /etc/lienthong/tls/ca.pem', describe: 'example.tlsShow' }],
  run: async (input, context) => await show({ certificate: input.required('certificate') }, context),
}

interface Files {
  readonly certificate: string
  readonly key: string
}

function filesOf(folder: string, name: string): Files {
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
}

function periodOf(input: CommandInput, otherwise: string): { readonly from: number; readonly to: number } {
  const now = wholeSecond(Date.now())
  return { from: now - startedAgoMs, to: now + (durationOf(input.text('valid-for') ?? otherwise, 'valid-for') ?? 0) }
}

async function readPair({ key, certificate }: Files, { terminal }: Context): Promise<KeyAndCertificate> {
  const read = (file: string): Promise<string> =>
    readSmallFile(resolve(terminal.workingDir, file), { shown: file, maxBytes: maxPemBytes })
  return { key: await read(key), certificate: await read(certificate) }
}

/** Never over what is there; the key first, readable by its owner only. */
async function writeNew({ key, certificate }: Files, made: KeyAndCertificate, context: Context): Promise<void> {
  await createFile(await placeOf(key, context), made.key, { shown: key })
  await createFile(await placeOf(certificate, context), made.certificate, { mode: publicMode, shown: certificate })
}

/** Where it goes, in a folder that is there. */
async function placeOf(file: string, { terminal }: Context): Promise<string> {
  const path = resolve(terminal.workingDir, file)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 }).catch((cause: unknown) => {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file, reason: systemReason(cause) }, cause })
  })
  return path
}

async function show(
  { certificate: file, key }: { readonly certificate: string; readonly key?: string },
  context: Context,
) {
  const { terminal, say } = context
  const pem = await readSmallFile(resolve(terminal.workingDir, file), { shown: file, maxBytes: maxPemBytes })
  const shown = { file, key: key ?? null, ...factsOf(pem, file) }
  await context.print({
    json: shown,
    table: () =>
      renderFacts([
        [say('heading.file'), file],
        ...(key === undefined ? [] : [[say('heading.tls.key'), key] as const]),
        [say('heading.tls.subject'), shown.subject],
        [say('heading.tls.issuer'), shown.issuer],
        ...(shown.names.length === 0 ? [] : [[say('heading.tls.names'), shown.names.join(', ')] as const]),
        [say('heading.tls.from'), renderTime(shown.validFrom)],
        [say('heading.tls.to'), `${renderTime(shown.validTo)} (${say('tls.daysLeft', { days: shown.daysLeft })})`],
        [say('heading.fingerprint'), shown.fingerprint],
      ]),
  })
  return exitCodes.ok
}

function factsOf(pem: string, file: string) {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(pem)
  } catch (cause) {
    throw new RelayError('CONFIG_INVALID', { detail: { file, reason: String(cause) }, cause })
  }
  const validTo = Date.parse(certificate.validTo)
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: (certificate.subjectAltName ?? '').split(', ').flatMap((name) => name.split(':').slice(1).join(':') || []),
    validFrom: Date.parse(certificate.validFrom),
    validTo,
    /** Negative when it has ended. */
    daysLeft: Math.floor((validTo - Date.now()) / dayMs),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

function nameOf(distinguished: string): string {
  return distinguished.split('\n').join(', ')
}
