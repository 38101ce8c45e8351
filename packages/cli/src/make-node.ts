/**
 * Makes what a node starts with: key, password, data folder with what it declares first, node.yaml. The last comes last,
 * so that a run that was cut off is gone on with by the next, and one that was not changes nothing.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type Declared,
  declaredFromSheet,
  defaultQueryTiming,
  nothingDeclared,
  phrase,
  RelayError,
  sheetProblemSays,
} from '@lienthong/core'
import { createSealingKey, type SealingKey, sealingKeyFromPem } from '@lienthong/link'
import { startStoreHost } from '@lienthong/store'
import { stringify } from 'yaml'
import { actor } from './actor.ts'
import type { Context } from './command.ts'
import { checkSchema } from './config/check-schema.ts'
import { placeNodeFile } from './config/place-node-file.ts'
import { configRefusal } from './config/problem.ts'
import { readSmallFile, systemReason } from './config/read-file.ts'
import { nodeFileSchema } from './config/schema.ts'
import { placeless } from './config/yaml-file.ts'
import { writeKeyFile } from './key-file.ts'
import { replaceFile } from './whole-file.ts'

const maxKeyBytes = 64 * 1024

/** Paths are absolute, but `from`, which is as the user wrote it. */
export interface NodeToMake {
  readonly id: string
  readonly folder: string
  /** @default `data` in the folder */
  readonly data?: string
  readonly root: boolean
  readonly tier?: string
  readonly name?: string
  readonly from?: string
  readonly broker: string
  readonly brokerCa?: string
  readonly vhost: string
  readonly user: string
  /** @default one is made */
  readonly passwordFile?: string
  readonly management: string
  readonly public?: string
  readonly publicCa?: string
  readonly listen?: string
}

export interface MadeNode {
  readonly outcome: 'made' | 'kept'
  readonly kid: string
  readonly publicKey: string
  /** File of the password that was made. */
  readonly newPassword: string | null
}

/** Throws CONFIG_INVALID, also for a folder of another node, FILE_UNREADABLE, FILE_UNWRITABLE. */
export async function makeNode(node: NodeToMake, context: Context): Promise<MadeNode> {
  const { folder, data = join(folder, 'data') } = node
  const file = join(folder, 'node.yaml')
  if (await exists(file)) return keptNode(node, file)
  const content = await firstContent(node, context)
  checkSettings(node, { kid: `${node.id}#1`, publicKey: '0'.repeat(43) })
  for (const path of [folder, data]) {
    await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw new RelayError('FILE_UNWRITABLE', { detail: { file: path, reason: systemReason(cause) }, cause })
    })
  }
  const key = await ownKey(node, context)
  const newPassword = node.passwordFile === undefined ? join(folder, 'broker.password') : null
  if (newPassword !== null && !(await exists(newPassword))) {
    await replaceFile(newPassword, `${randomBytes(24).toString('base64url')}\n`)
  }
  if (content !== nothingDeclared) await declareFirst(data, content)
  const settings = settingsOf(node, key)
  await replaceFile(file, stringify(settings, { lineWidth: 0 }))
  return { outcome: 'made', kid: key.kid, publicKey: key.publicKey, newPassword }
}

async function keptNode(node: NodeToMake, file: string): Promise<MadeNode> {
  const placed = await placeNodeFile({ file, workingDir: '/' })
  if ('problems' in placed) throw configRefusal(placed.problems)
  const { id } = (placed.value ?? {}) as { readonly id?: unknown }
  if (id !== node.id) {
    throw configRefusal([placed.problem(['id'], (language) => phrase(language, 'config.twice', { id: String(id) }))])
  }
  const { kid, publicKey } = await keyIn(join(node.folder, 'node.key'))
  return { outcome: 'kept', kid, publicKey, newPassword: null }
}

async function ownKey({ id, folder }: NodeToMake, context: Context): Promise<SealingKey> {
  const path = join(folder, 'node.key')
  if (await exists(path)) return keyIn(path)
  const key = createSealingKey(id, 1)
  await writeKeyFile(path, key, context)
  return key
}

async function keyIn(path: string): Promise<SealingKey> {
  return sealingKeyFromPem(await readSmallFile(path, { shown: path, maxBytes: maxKeyBytes }))
}

/** What node.yaml says, checked before anything is written. */
function checkSettings(node: NodeToMake, key: Pick<SealingKey, 'kid' | 'publicKey'>): void {
  const checked = checkSchema(nodeFileSchema, placeless('node.yaml', settingsOf(node, key)))
  if ('problems' in checked) throw configRefusal(checked.problems)
}

function settingsOf(node: NodeToMake, { kid, publicKey }: Pick<SealingKey, 'kid' | 'publicKey'>) {
  const { id, tier, root, listen } = node
  return {
    id,
    ...(tier === undefined ? {} : { tier }),
    data: node.data ?? 'data',
    key: 'node.key',
    ...(root ? { roots: [{ kid, publicKey }] } : {}),
    broker: {
      url: node.broker,
      ...(node.brokerCa === undefined ? {} : { ca: node.brokerCa }),
      vhost: node.vhost,
      user: node.user,
      password: { file: node.passwordFile ?? 'broker.password' },
      management: node.management,
      ...(node.public === undefined ? {} : { public: node.public }),
      ...(node.publicCa === undefined ? {} : { publicCa: node.publicCa }),
    },
    ...(listen === undefined ? {} : { http: { listen } }),
  }
}

/** The unit of the node, when it has a name, and the organisations of the table. */
async function firstContent({ id, name, from }: NodeToMake, context: Context): Promise<Declared> {
  const { terminal, language } = context
  const unit = name === undefined ? [] : [{ id, name, parent: null }]
  const own = { ...nothingDeclared, organisations: unit }
  if (from === undefined) return name === undefined ? nothingDeclared : own
  const { readSheetFile } = await import('./declared/sheet-file.ts')
  const sheet = await readSheetFile(resolve(terminal.workingDir, from), from)
  const parent = name === undefined ? null : id
  const taken = declaredFromSheet(own, sheet.rows, { self: id, parent, replace: false, kind: 'organisations' })
  if (taken.ok) return taken.content
  const problems = taken.problems.map((problem) => ({
    ...{ file: from, line: problem.row, column: 1, path: '' },
    text: () => sheetProblemSays(language, problem),
  }))
  throw configRefusal(problems)
}

/** Before the node's first start, which announces it. */
async function declareFirst(dataDir: string, content: Declared): Promise<void> {
  const host = startStoreHost()
  try {
    const store = await host.open(dataDir, { queryTiming: defaultQueryTiming })
    try {
      const { declared } = await store.directory.load()
      if (declared !== null) return
      const version = { epoch: 1, version: 0, at: Date.now(), by: actor(), reason: 'init', base: null }
      await store.directory.write({ declared: { ...version, content } })
    } finally {
      await store.close()
    }
  } finally {
    await host.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
