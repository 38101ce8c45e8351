/** A folder with everything a node.yaml needs, for tests to spoil. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createSealingKey, sealingKeyToPem } from '@lienthong/link'

/** A folder that goes with the test. */
export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lt-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Words for the tiers; nothing may depend on which. */
export type TierNames = readonly [top: string, middle: string, bottom: string]

/** G22 over H29 over H29.18, and H26 beside H29; each serves the organisation of its own name. */
export function directoryYaml(kid: string, publicKey: string, tiers: TierNames = ['central', 'province', 'district']) {
  const [top, middle, bottom] = tiers
  return `version: 7
nodes:
  - { id: G22, tier: ${top}, parent: null, keys: [] }
  - { id: H29, tier: ${middle}, parent: G22, keys: [{ kid: '${kid}', publicKey: '${publicKey}' }] }
  - { id: H29.18, tier: ${bottom}, parent: H29, keys: [] }
  - { id: H26, tier: ${middle}, parent: G22, keys: [] }
organisations:
  - { id: G22, name: Cơ quan trung ương, parent: null, node: G22 }
  - { id: H29, name: Tỉnh, code102: 000.00.00.H29, parent: G22, node: H29 }
  - { id: H29.18, name: Huyện, parent: H29, node: H29.18 }
  - { id: H29.19, name: Huyện cũ, parent: H29, node: H29.18, validTo: 2025-06-30, successors: [H29.18] }
  - { id: H26, name: Tỉnh khác, parent: G22, node: H26 }
groups:
  all: [G22, H29, H29.18, H26]
`
}

export const nodeYaml = `id: H29
data: data
key: node.key
directory: directory.yaml
broker:
  url: amqp://127.0.0.1:5672
  vhost: h29
  user: h29
  password: { file: broker.password }
  management: http://127.0.0.1:15672
parent:
  id: G22
  url: amqps://centre.example:5671
  vhost: g22
  password: { env: PARENT_PASSWORD }
children:
  - id: H29.18
    password: { file: child.password }
systems:
  - id: dms
    secret: { file: system.secret }
    organisations: [H29]
`

export const nodeEnv = { PARENT_PASSWORD: 'from the environment' }

export interface NodeFolder {
  readonly dir: string
  /** Path of node.yaml. */
  readonly file: string
  write(name: string, text: string): void
}

export function nodeFolder(t: Pick<TestContext, 'after'>): NodeFolder {
  const dir = temporaryFolder(t)
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text, { mode: 0o600 })
  const key = createSealingKey('H29', 1)
  write('node.key', sealingKeyToPem(key))
  write('directory.yaml', directoryYaml(key.kid, key.publicKey))
  write('broker.password', 'broker secret\n')
  write('child.password', 'child secret\n')
  write('system.secret', 'system secret\n')
  write('node.yaml', nodeYaml)
  mkdirSync(join(dir, 'data'))
  return { dir, file: join(dir, 'node.yaml'), write }
}
