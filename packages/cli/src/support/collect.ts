/** Everything a support bundle has in it, each part by itself: one that cannot be had says why in its place. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { resolve } from 'node:path'
import { type PlainPhraseKey, RelayError } from '@lienthong/core'
import type { NodeConfig } from '@lienthong/relay'
import { jsonResult } from '../check/formats.ts'
import {
  certificateMeasures,
  diskMeasures,
  linkMeasures,
  type Measure,
  peerMeasures,
  queueMeasures,
} from '../check/measures.ts'
import type { CommandInput, Context } from '../command.ts'
import { baseDir } from '../config/place-node-file.ts'
import { connectControl } from '../control/client.ts'
import type { NodeAddress } from '../control/transport.ts'
import type { Evidence } from '../doctor/evidence.ts'
import { examine, shownFinding } from '../doctor/examine.ts'
import { findingsOf } from '../doctor/findings.ts'
import { chosenAddress, chosenFile } from '../node-choice.ts'
import type { ArchiveMember } from './archive.ts'
import { viewBroker } from './broker-view.ts'
import { readLogTail, shownLog } from './log-tail.ts'
import { type NamedSecrets, secretsIn, shownNodeFile } from './node-file-shown.ts'
import { createRedactor, isSecretName } from './redact.ts'

export interface BundlePart extends ArchiveMember {
  readonly what: PlainPhraseKey
}

export interface BundleChoice {
  /** As the user named them. */
  readonly logs: readonly string[]
  /** Of each log, at most. */
  readonly lines: number
}

/** A file of a secret that is longer holds something else. */
const maxSecretBytes = 64 * 1024

/** Throws USAGE when no node is meant, FILE_UNREADABLE for a log or a node.yaml that is not there. */
export async function collectBundle(
  input: CommandInput,
  context: Context,
  { logs, lines }: BundleChoice,
): Promise<readonly BundlePart[]> {
  const { workingDir, env } = context.terminal
  const tails = await Promise.all(logs.map((log) => readLogTail(resolve(workingDir, log), log)))
  const file = await chosenFile(input, context)
  const evidence = await examine(input, context)
  const address = await chosenAddress(input, context).catch(() => null)
  const config = file === null ? null : await configOf(file, context)
  const yaml = file === null ? null : await readFile(resolve(workingDir, file), 'utf8').catch(() => null)

  const dir = file === null ? workingDir : baseDir({ file, workingDir })
  const named = secretsIn(yaml ?? '')
  const redactor = createRedactor([
    ...(await valuesOf(named, { dir, env })),
    ...configSecrets(config),
    ...(file === null ? [] : await secretsBeside(dir)),
    ...(address !== null && 'key' in address ? [address.key] : []),
  ])
  const there = new Set(await existing(named, { dir, env }))
  const json = (value: unknown) => `${JSON.stringify(redactor.value(value), null, 2)}\n`

  const { node } = evidence
  const failure = 'code' in node ? node : null
  const parts: BundlePart[] = [
    {
      name: 'doctor.json',
      what: 'support.doctor',
      text: json(findingsOf(evidence).map((finding) => shownFinding(finding, context))),
    },
    { name: 'status.json', what: 'support.status', text: json(node) },
    { name: 'checks.json', what: 'support.checks', text: json(failure ?? (await checksOf(evidence.node))) },
    { name: 'versions.json', what: 'support.versions', text: json(await versionsOf(address, evidence.node)) },
  ]
  if (yaml !== null) {
    const isThere = (place: { readonly file: string } | { readonly env: string }) =>
      there.has('file' in place ? `file ${place.file}` : `env ${place.env}`)
    parts.push({ name: 'node.yaml', what: 'support.nodeFile', text: shownNodeFile(yaml, redactor, isThere) })
  }
  if (config !== null) {
    parts.push({ name: 'broker.json', what: 'support.broker', text: json(await viewBroker(config.broker)) })
  }
  const leftOut = (count: number) => context.say('support.leftOut', { count })
  for (const [index, tail] of tails.entries()) {
    parts.push({
      name: `log-${index + 1}.txt`,
      what: 'support.log',
      text: shownLog(tail, { lines, leftOut }, redactor),
    })
  }
  return parts
}

async function configOf(file: string, { terminal }: Context): Promise<NodeConfig | null> {
  const { workingDir, env } = terminal
  const { readNodeFile } = await import('../config/node-file.ts')
  const checked = await readNodeFile({ file, workingDir, env })
  return checked.ok ? checked.value.config : null
}

async function checksOf(node: Evidence['node']): Promise<unknown> {
  if ('code' in node) return node
  const { wireVersions: versions } = await import('@lienthong/link')
  const usual = { warning: null, critical: null }
  const measured: Readonly<Record<string, readonly Measure[]>> = {
    link: linkMeasures(node, undefined, usual),
    queue: queueMeasures(node, usual),
    cert: certificateMeasures(node, [], usual),
    disk: diskMeasures(node, usual),
    peer: peerMeasures(node, undefined, { ...usual, versions }),
  }
  return Object.entries(measured).map(([check, measures]) =>
    jsonResult({ check, node: node.id, measures, failure: null }),
  )
}

async function versionsOf(address: NodeAddress | null, node: Evidence['node']): Promise<unknown> {
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  const own = { program: version, runtime: process.version, system: `${platform()} ${release()} ${arch()}` }
  if ('code' in node || address === null) return { ...own, at: Date.now() }
  const { tableVersion, directoryVersion } = node
  // A directory that is a file announces nothing.
  const announcements = await connectControl(address)
    .declared.announcements()
    .catch((error: unknown) => {
      if (error instanceof RelayError) return { code: error.code }
      throw error
    })
  return { ...own, at: Date.now(), table: tableVersion, directory: directoryVersion, announcements }
}

interface Around {
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The secrets themselves, so that they are known wherever they turn up. */
async function valuesOf(
  { inline, files, keyFiles, variables }: NamedSecrets,
  { dir, env }: Around,
): Promise<readonly string[]> {
  const held = (file: string, otherwise: string) => heldIn(resolve(dir, file), otherwise)
  // A name that names nothing may be the secret itself.
  const named = [...files.map((file) => held(file, file)), ...keyFiles.map((file) => held(file, ''))]
  return [...inline, ...(await Promise.all(named)), ...variables.map((name) => env[name] ?? name)]
}

/** Files in the folder of a node.yaml that are called so, also those it does not name any more, or not yet. */
async function secretsBeside(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => [])
  const telling = names.filter((name) => isSecretName(name) || name.endsWith('.key'))
  return Promise.all(telling.map((name) => heldIn(resolve(dir, name), '')))
}

async function heldIn(path: string, otherwise: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found === null) return otherwise
  return found.isFile() && found.size <= maxSecretBytes ? readFile(path, 'utf8').catch(() => '') : ''
}

async function existing({ files, variables }: NamedSecrets, { dir, env }: Around): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map((file) =>
      stat(resolve(dir, file)).then(
        () => file,
        () => null,
      ),
    ),
  )
  return [
    ...found.flatMap((file) => (file === null ? [] : [`file ${file}`])),
    ...variables.flatMap((name) => (env[name] === undefined ? [] : [`env ${name}`])),
  ]
}

function configSecrets(config: NodeConfig | null): readonly string[] {
  if (config === null) return []
  const { broker, parent, children, systems } = config
  return [
    broker.address.password,
    ...(parent === null ? [] : [parent.address.password]),
    ...children.map(({ password }) => password),
    ...systems.map(({ secret }) => secret),
  ]
}
