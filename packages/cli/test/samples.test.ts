/** The sample configurations, read by what reads the real ones; together they are one federation, whose tables do what each expects. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  checkDeclared,
  type Declared,
  type Directory,
  declaredFromSheet,
  nothingDeclared,
  testExpectations,
} from '@lienthong/core'
import { createSealingKey, sealingKeyToPem } from '@lienthong/link'
import { readDeclaredFile } from '../src/config/declared-file.ts'
import { readExpectations } from '../src/config/expectation-file.ts'
import { readNodeFile } from '../src/config/node-file.ts'
import { type Checked, problemLine } from '../src/config/problem.ts'
import { readSheetFile } from '../src/declared/sheet-file.ts'
import { createAuthority, issueCertificate } from '../src/tls/certificates.ts'
import { temporaryFolder } from './support/node-folder.ts'

const samples = fileURLToPath(new URL('../../../../deploy/samples', import.meta.url))
const folders = readdirSync(samples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const files = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) =>
  statSync(join(samples, name)).isFile(),
)
/** The key of a root, as its sample has it. */
const publicKeyOfSample = '0'.repeat(43)
/** Who reads which file. */
const readers =
  /(?:^README\.md|\/node\.yaml|\/declared\.yaml|\/children\.csv|\/organisations\.csv|\/routes-test\.yaml|\/hosted\.conf)$/

describe('sample configurations', () => {
  it('hold nothing that no test reads, and each tier has a node, its table and what it expects', () => {
    assert.deepEqual(
      files.filter((name) => !readers.test(name)),
      [],
    )
    assert.ok(folders.length >= 5)
    for (const folder of folders)
      for (const name of ['node.yaml', 'declared.yaml', 'routes-test.yaml'])
        assert.ok(existsSync(join(samples, folder, name)), `${folder}/${name}`)
    const readme = readFileSync(join(samples, 'README.md'), 'utf8')
    const described = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    assert.deepEqual(new Set(described), new Set(folders))
  })

  for (const name of files.filter((file) => file.endsWith('node.yaml'))) {
    it(`${name} is what a node takes`, async (t) => {
      const { id, checked } = await loaded(name, t)
      const { config } = valueOf(checked)
      assert.equal(config.id, id)
      // Where the service may write: the rest of the machine is read-only for it.
      assert.equal(config.dataDir.endsWith(`/var/lib/lienthong/${id}`), true)
      const spoiled = await loaded(name, t, 'colour: red\n')
      assert.equal(spoiled.checked.ok, false)
    })
  }

  for (const name of files.filter((file) => file.endsWith('.csv'))) {
    it(`${name} is a table as a spreadsheet writes it`, async () => {
      const declared = valueOf(await readDeclaredFile(join(samples, name, '..', 'declared.yaml'), name)).content
      const { rows } = await readSheetFile(join(samples, name), name)
      const taken = declaredFromSheet(nothingDeclared, rows, { self: idOf(name), parent: null })
      assert.ok(taken.ok)
      const { kind } = taken
      assert.ok(name.endsWith(`${kind}.csv`))
      const codes = (content: Partial<Declared>) =>
        (kind === 'children' ? content.children : content.organisations)?.map(({ id }) => id)
      for (const code of codes(taken.content) ?? []) assert.ok(codes(declared)?.includes(code), code)
    })
  }

  it('together they are one federation: no table has a problem, and each does what is expected of it', async () => {
    const declared = new Map<string, Declared>()
    for (const name of files.filter((file) => file.endsWith('declared.yaml'))) {
      const { content } = valueOf(await readDeclaredFile(join(samples, name), name))
      declared.set(idOf(name), { ...nothingDeclared, ...content })
    }
    const directory = directoryOf(declared)
    for (const folder of folders) {
      const name = join(folder, 'routes-test.yaml')
      const self = idOf(name)
      const content = declared.get(self) ?? nothingDeclared
      const place = { self, delegates: null, directory, current: content, at: Date.UTC(2026, 10, 1) }
      assert.deepEqual(checkDeclared(content, place), [], folder)
      const expectations = valueOf(await readExpectations(join(samples, name), name))
      const outcomes = testExpectations(directory, { self, exceptions: content.exceptions }, expectations, place.at)
      assert.deepEqual(
        outcomes.filter(({ ok }) => !ok),
        [],
        folder,
      )
    }
  })

  it('hosted.conf runs the node files beside it by options the program has', () => {
    const text = readFileSync(join(samples, 'province/hosted/hosted.conf'), 'utf8')
    const run = text.split('\n').findLast((line) => line.startsWith('ExecStart=')) ?? ''
    const run0 = readFileSync(join(samples, '../systemd/lienthong@.service'), 'utf8')
    const program = /^ExecStart=(\S+ node run) /m.exec(run0)?.[1] ?? ''
    const configs = [...run.matchAll(/ --config \/etc\/lienthong\/([\w.]+)\/node\.yaml/g)].map(([, id]) => id)
    assert.equal(run, `ExecStart=${program}${configs.map((id) => ` --config /etc/lienthong/${id}/node.yaml`).join('')}`)
    assert.deepEqual(configs, [
      'H29',
      ...readdirSync(join(samples, 'province/hosted')).filter((name) => name.startsWith('H29')),
    ])
  })
})

/** Of the node whose folder the file is in. */
function idOf(name: string): string {
  const text = readFileSync(join(samples, name, '..', 'node.yaml'), 'utf8')
  return /^id: (\S+)$/m.exec(text)?.[1] ?? assert.fail(name)
}

/** As it stands on a machine that has the keys, secrets and certificates it names. */
async function loaded(name: string, t: { after(end: () => void): void }, added = '') {
  const dir = temporaryFolder(t)
  const id = idOf(name)
  cpSync(join(samples, name, '..'), dir, { recursive: true })
  const write = (file: string, text: string) => writeFileSync(join(dir, file), text, { mode: 0o600 })
  const key = createSealingKey(id, 1)
  write('node.key', sealingKeyToPem(key))
  for (const file of ['broker.password', 'mail.password']) write(file, 'secret\n')
  const period = { from: Date.UTC(2026), to: Date.UTC(2050) }
  const authority = await createAuthority('test', period)
  const issued = (await issueCertificate(authority, { names: ['localhost'], ...period })) ?? authority
  write('ca.pem', authority.certificate)
  write('gateway.pem', issued.certificate)
  write('gateway.key', issued.key)
  const text = readFileSync(join(dir, 'node.yaml'), 'utf8')
  const here = text.replaceAll('/etc/lienthong/tls/', '').replace(publicKeyOfSample, key.publicKey)
  write('node.yaml', here + added)
  return { id, checked: await readNodeFile({ file: 'node.yaml', workingDir: dir, env: {} }) }
}

function valueOf<Value>(checked: Checked<Value>): Value {
  if (checked.ok) return checked.value
  return assert.fail(checked.problems.map((problem) => problemLine(problem, 'en')).join('\n'))
}

function directoryOf(declared: ReadonlyMap<string, Declared>): Directory {
  const nodes = [...declared].flatMap(([parent, { children }]) =>
    children.map(({ id, tier }) => ({ id, tier, parent, keys: [] })),
  )
  const roots = [...declared.keys()].filter((id) => !nodes.some((node) => node.id === id))
  return {
    version: 1,
    nodes: [...roots.map((id) => ({ id, tier: 'root', parent: null, keys: [] })), ...nodes],
    organisations: [...declared].flatMap(([node, { organisations }]) =>
      organisations.map((each) => ({ ...each, node })),
    ),
    groups: {},
  }
}
