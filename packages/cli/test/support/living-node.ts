/** A node with a living directory that is nothing but memory, behind a real control socket. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  compareVersions,
  compileTable,
  type Declared,
  type DeclaredVersion,
  type Directory,
  RelayError,
  withDeclared,
} from '@lienthong/core'
import type { AdministrationDoor, RelayNode } from '@lienthong/relay'
import { openControlServer } from '../../src/control/server.ts'
import { nodeDouble } from './node-double.ts'
import { temporaryFolder } from './node-folder.ts'
import { callProgram, type Ended, type RunOptions } from './run-program.ts'

export const first: Declared = {
  children: [{ id: 'H29.18', tier: 'huyện', delegates: ['H29.18'] }],
  organisations: [
    { id: 'H29', name: 'Ủy ban nhân dân tỉnh', parent: 'G22', code102: '000.00.00.H29' },
    { id: 'H29.02', name: 'Sở Nội vụ', parent: 'H29' },
    { id: 'H29.03', name: 'Sở Y tế', parent: 'H29', mail: 'yte@h29.example' },
  ],
  groups: { departments: ['H29.02', 'H29.03'] },
  exceptions: [],
}

const base: Directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: 'trung ương', parent: null, keys: [] },
    { id: 'H29', tier: 'tỉnh', parent: 'G22', keys: [] },
    { id: 'H29.18', tier: 'huyện', parent: 'H29', keys: [] },
  ],
  organisations: [
    { id: 'G22', name: 'Văn phòng Chính phủ', parent: null, node: 'G22' },
    { id: 'H29.18', name: 'Huyện', parent: 'H29', node: 'H29.18' },
  ],
}

export interface LivingNode {
  /** Folder the commands run in; the node's data is in `data`. */
  readonly dir: string
  readonly versions: readonly DeclaredVersion[]
  /** Becomes part of the directory as if a node below had announced it. */
  announce(directory: Partial<Directory>): void
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
}

export async function livingNode(t: TestContext, delegates: readonly string[] | null = ['H29']): Promise<LivingNode> {
  const dir = temporaryFolder(t)
  mkdirSync(join(dir, 'data'))
  let others = base
  const versions: DeclaredVersion[] = [
    { epoch: 1, version: 1, at: Date.UTC(2026, 0, 1), by: 'join', reason: 'first', base: null, content: first },
  ]
  const current = () => versions.at(-1) as DeclaredVersion
  const directory = (): Directory => {
    const place = { self: 'H29', delegates, directory: others, current: first, at: 0 }
    return { ...withDeclared(current().content, place), version: versions.length }
  }
  const door: AdministrationDoor = {
    current: async () => current(),
    history: async ({ limit, before }) =>
      versions
        .toReversed()
        .filter((version) => before === undefined || compareVersions(version, before) < 0)
        .slice(0, limit),
    apply: async ({ base: from, content, by, reason }) => {
      const { epoch, version } = current()
      if (compareVersions(from, { epoch, version }) !== 0) {
        throw new RelayError('BASE_MOVED', { detail: { version: `${epoch}.${version}` } })
      }
      versions.push({ epoch, version: version + 1, at: Date.now(), by, reason, base: from, content })
      return current()
    },
    delegates: async () => delegates,
    steps: async () => [],
    announcements: async () => [{ node: 'H29', epoch: 1, version: versions.length, at: 0 }],
  }
  const node: RelayNode = Object.create(nodeDouble({}), {
    administration: { value: door },
    directory: { get: directory },
    table: { get: () => compileTable('H29', directory(), 1, Date.now()) },
  })
  const server = await openControlServer(node, join(dir, 'data', 'control.sock'))
  t.after(() => server.close({ timeoutMs: 0 }))
  return {
    dir,
    versions,
    announce: (more) => {
      others = { ...others, ...more }
    },
    run: (args, options = {}) => callProgram([...args, '--data', 'data'], { cwd: dir, ...options }),
  }
}
