/**
 * node.yaml, read into what the relay takes: shape, secrets, key, directory, and whether they agree.
 *
 * All problems are collected, so that one run of `check-config` shows everything there is to mend.
 */
import { resolve } from 'node:path'
import { type Directory, findKey, nodeOfKid, openRegistry, phrase, RelayError, sentence } from '@lienthong/core'
import { type SealingKey, sealingKeyFromPem, verifySignature } from '@lienthong/link'
import type { NodeConfig } from '@lienthong/relay'
import { maxSocketPathBytes, socketPathOf } from '../control/socket-path.ts'
import { readNodeKey } from '../node-key.ts'
import { disagreements } from './agreement.ts'
import { type AlertSettings, readAlertSettings } from './alert-settings.ts'
import { checkSchema } from './check-schema.ts'
import { readDirectoryFile } from './directory-file.ts'
import { type HttpSettings, readHttpSettings } from './http-settings.ts'
import { writtenInstant } from './instant.ts'
import { openPemFiles, type PemFiles } from './pem-files.ts'
import { baseDir, type NodeFileSource, placeNodeFile } from './place-node-file.ts'
import { type Checked, type ConfigProblem, inOrder } from './problem.ts'
import { readSmallFile, unreadable } from './read-file.ts'
import { type NodeFile, nodeFileSchema, type SecretSource } from './schema.ts'
import { findSecret } from './secrets.ts'
import type { PlacedFile } from './yaml-file.ts'

const maxKeyBytes = 64 * 1024

/** A key that ends within this is worth a warning, ms. */
const keyEndsSoonMs = 30 * 86_400_000

/** A node ready to run, and how its process logs. */
export interface NodeSettings {
  /** As the user named the file. */
  readonly file: string
  readonly config: NodeConfig
  /** What the gateway is opened with; null: no HTTP. */
  readonly http: HttpSettings | null
  /** null: nobody is told what is wrong. */
  readonly alerts: AlertSettings | null
  readonly log: { readonly format: 'json' | 'console'; readonly level: 'error' | 'warn' | 'info' | 'debug' }
}

/** Throws FILE_UNREADABLE for node.yaml itself; every other fault is a problem with its place. */
export async function readNodeFile(source: NodeFileSource): Promise<Checked<NodeSettings>> {
  const placed = await placeNodeFile(source)
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const checked = checkSchema(nodeFileSchema, placed)
  if ('problems' in checked) return { ok: false, problems: inOrder(checked.problems), warnings: [] }
  return new NodeFileReader(source, placed, checked.value).read()
}

/** One reading of one file: collects problems and warnings as it goes. */
class NodeFileReader {
  readonly #source: NodeFileSource
  readonly #placed: PlacedFile
  readonly #file: NodeFile
  readonly #dir: string
  readonly #problems: ConfigProblem[] = []
  readonly #warnings: ConfigProblem[] = []
  readonly #pem: PemFiles

  constructor(source: NodeFileSource, placed: PlacedFile, file: NodeFile) {
    this.#source = source
    this.#placed = placed
    this.#file = file
    this.#dir = baseDir(source)
    this.#pem = openPemFiles(this.#dir, (path, text) => this.#refuse(path, text))
  }

  async read(): Promise<Checked<NodeSettings>> {
    const file = this.#file
    const dataDir = resolve(this.#dir, file.data)
    this.#checkSocketPath(dataDir)
    this.#checkTimes()
    const { directory: shown } = file
    this.#checkDirectoryKeys()
    const directory = shown === undefined ? null : await this.#directory(shown)
    if (directory !== null) {
      const { problems, warnings } = disagreements(file, directory, this.#placed)
      this.#problems.push(...problems)
      this.#warnings.push(...warnings)
    }
    const key = await this.#key(directory)
    const kept: NodeConfig['directory'] | null = shown === undefined ? livingIn(file) : directory
    const earlierKeys = await this.#earlierKeys(directory)
    const brokerPassword = await this.#secret(['broker', 'password'], file.broker.password)
    const brokerCa = await this.#authorities('broker', file.broker.ca)
    const shownBroker = await this.#publicBroker()
    const parent = await this.#parent()
    const children = await this.#children()
    const systems = await this.#systems()
    const http = await readHttpSettings(file, { pem: this.#pem, warn: (path, text) => this.#warn(path, text) })
    const alerts = await readAlertSettings(file.alerts, {
      pem: this.#pem,
      refuse: (path, text) => this.#refuse(path, text),
      secret: (path, source) => this.#secret(path, source),
    })
    const warnings = this.#warnings
    if (kept === null || key === null || brokerPassword === null || this.#problems.length > 0) {
      return { ok: false, problems: inOrder(this.#problems), warnings }
    }
    const { url, vhost, user, management } = file.broker
    const config: NodeConfig = {
      id: file.id,
      dataDir,
      key,
      earlierKeys,
      directory: kept,
      tableVersion: file.tableVersion,
      broker: {
        address: { url, vhost, user, password: brokerPassword, ...brokerCa },
        managementUrl: management,
        ...shownBroker,
      },
      parent,
      children,
      systems,
      limits: {
        maxDocumentBytes: file.limits.maxDocument,
        inFlightBytes: file.limits.inFlight,
        openAssemblies: file.limits.openAssemblies,
        linkQueueBytes: file.limits.linkQueue,
        spoolBytes: file.limits.spool,
      },
      queryTiming: { firstMs: file.custody.firstQuery, maxMs: file.custody.maxQuery },
      onReusedId: file.onReusedId,
      signatures: { policy: file.signatures.policy, organisations: file.signatures.organisations ?? {} },
    }
    return { ok: true, value: { file: this.#source.file, config, http, alerts, log: file.log }, warnings }
  }

  #refuse(path: readonly PropertyKey[], text: ConfigProblem['text']): void {
    this.#problems.push(this.#placed.problem(path, text))
  }

  #warn(path: readonly PropertyKey[], text: ConfigProblem['text']): void {
    this.#warnings.push(this.#placed.problem(path, text))
  }

  #checkSocketPath(dataDir: string): void {
    const path = socketPathOf(dataDir)
    const bytes = Buffer.byteLength(path)
    if (bytes > maxSocketPathBytes) {
      this.#refuse(['data'], (language) =>
        phrase(language, 'config.socketPath', { path, bytes, limit: maxSocketPathBytes }),
      )
    }
  }

  #checkTimes(): void {
    const { firstQuery, maxQuery } = this.#file.custody
    if (firstQuery > maxQuery) {
      this.#refuse(['custody', 'firstQuery'], (language) => phrase(language, 'config.firstAfterMax'))
    }
  }

  /** A node keeps its directory itself, neighbours and all, or has it from a file: half of each would be neither. */
  #checkDirectoryKeys(): void {
    const { directory } = this.#file
    const others = directory === undefined ? (['parent', 'children'] as const) : (['roots', 'tier'] as const)
    for (const name of others) {
      const value = this.#file[name]
      if (value === undefined || value === null) continue
      const say = directory === undefined ? 'config.livingOnly' : 'config.publishedOnly'
      this.#refuse([name], (language) => phrase(language, say))
    }
  }

  async #publicBroker(): Promise<Pick<NodeConfig['broker'], 'public'>> {
    const { public: url, publicCa } = this.#file.broker
    if (url === undefined) return {}
    return { public: { url, ...(await this.#authorities('broker', publicCa, 'publicCa')) } }
  }

  async #directory(shown: string): Promise<Directory | null> {
    try {
      const checked = await readDirectoryFile(resolve(this.#dir, shown), shown)
      this.#warnings.push(...checked.warnings)
      if (checked.ok) return checked.value
      this.#problems.push(...checked.problems)
    } catch (error) {
      this.#refuse(['directory'], unreadable(error, shown))
    }
    return null
  }

  async #key(directory: Directory | null): Promise<SealingKey | null> {
    const shown = this.#file.key
    let pem: string
    try {
      pem = await readSmallFile(resolve(this.#dir, shown), { shown, maxBytes: maxKeyBytes })
    } catch (error) {
      this.#refuse(['key'], unreadable(error, shown))
      return null
    }
    if (this.#file.directory === undefined) return this.#ownKey(pem, shown)
    if (directory === null) return null
    const known = directory.nodes.find((node) => node.id === this.#file.id)?.keys ?? []
    const found = readNodeKey(pem, known)
    if (found === 'invalid') this.#refuse(['key'], (language) => phrase(language, 'config.keyInvalid', { file: shown }))
    else if (found === 'unknown') {
      this.#refuse(['key'], (language) => phrase(language, 'config.keyUnknown', { file: shown, id: this.#file.id }))
    } else {
      this.#checkKeyInUse(directory, found.kid)
      return found
    }
    return null
  }

  /** Named by the file itself: what others know of it, they know from this node. */
  #ownKey(pem: string, shown: string): SealingKey | null {
    try {
      const key = sealingKeyFromPem(pem)
      if (nodeOfKid(key.kid) === this.#file.id) return key
      this.#refuse(['key'], (language) => phrase(language, 'config.keyOther', { file: shown, kid: key.kid }))
    } catch {
      this.#refuse(['key'], (language) => phrase(language, 'config.keyInvalid', { file: shown }))
    }
    return null
  }

  /** A node whose key is not believed now would seal nothing but dead letters. */
  #checkKeyInUse(directory: Directory, kid: string): void {
    const now = Date.now()
    const answer = findKey(openRegistry(directory, verifySignature), kid, now)
    if (!answer.found) {
      this.#refuse(['key'], (language) => sentence(language, answer.code, answer.detail).text)
    } else if (answer.key.validTo !== undefined && answer.key.validTo < now + keyEndsSoonMs) {
      const day = writtenInstant(answer.key.validTo).slice(0, 10)
      this.#warn(['key'], (language) => phrase(language, 'config.keyEnds', { kid, day }))
    }
  }

  /** A key that the directory does not know any more still opens what was encrypted under it. */
  async #earlierKeys(directory: Directory | null): Promise<readonly SealingKey[]> {
    const known = directory?.nodes.find((node) => node.id === this.#file.id)?.keys ?? []
    const keys: SealingKey[] = []
    for (const [index, shown] of (this.#file.earlierKeys ?? []).entries()) {
      const path = ['earlierKeys', index]
      try {
        const pem = await readSmallFile(resolve(this.#dir, shown), { shown, maxBytes: maxKeyBytes })
        const found = readNodeKey(pem, known)
        keys.push(typeof found === 'string' ? sealingKeyFromPem(pem) : found)
      } catch (error) {
        if (error instanceof RelayError && error.code === 'CONFIG_INVALID') {
          this.#refuse(path, (language) => phrase(language, 'config.keyInvalid', { file: shown }))
        } else this.#refuse(path, unreadable(error, shown))
      }
    }
    return keys
  }

  async #secret(path: readonly PropertyKey[], source: SecretSource): Promise<string | null> {
    const found = await findSecret(source, { dir: this.#dir, env: this.#source.env })
    if (found.value === null) {
      this.#refuse(path, found.problem)
      return null
    }
    if (found.warning !== null) this.#warn(path, found.warning)
    return found.value
  }

  async #parent(): Promise<NodeConfig['parent']> {
    const { id, parent } = this.#file
    if (parent === undefined || parent === null) return null
    const password = await this.#secret(['parent', 'password'], parent.password)
    const ca = await this.#authorities('parent', parent.ca)
    const { url, vhost } = parent
    return { id: parent.id, address: { url, vhost, user: id, password: password ?? '', ...ca } }
  }

  async #authorities(
    of: 'broker' | 'parent',
    shown: string | undefined,
    name: 'ca' | 'publicCa' = 'ca',
  ): Promise<{ readonly ca?: string }> {
    return shown === undefined ? {} : { ca: await this.#pem.authorities([of, name], shown) }
  }

  async #children(): Promise<NodeConfig['children']> {
    const children = []
    const { children: stated = [] } = this.#file
    this.#refuseTwice('children', stated)
    for (const [index, child] of stated.entries()) {
      const password = await this.#secret(['children', index, 'password'], child.password)
      children.push({ id: child.id, password: password ?? '' })
    }
    return children
  }

  async #systems(): Promise<NodeConfig['systems']> {
    const systems = []
    const { systems: stated = [] } = this.#file
    this.#refuseTwice('systems', stated)
    for (const [index, system] of stated.entries()) {
      const found = await this.#secret(['systems', index, 'secret'], system.secret)
      systems.push({ id: system.id, secret: found ?? '', organisations: system.organisations })
    }
    return systems
  }

  #refuseTwice(list: 'children' | 'systems', items: readonly { readonly id: string }[]): void {
    const seen = new Set<string>()
    for (const [index, { id }] of items.entries()) {
      if (seen.has(id)) this.#refuse([list, index, 'id'], (language) => phrase(language, 'config.twice', { id }))
      seen.add(id)
    }
  }
}

function livingIn({ roots = [], tier }: NodeFile): NodeConfig['directory'] {
  return { living: true, roots, ...(tier === undefined ? {} : { tier }) }
}
