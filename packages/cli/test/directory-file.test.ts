import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { readDirectoryFile } from '../src/config/directory-file.ts'
import { problemLine } from '../src/config/problem.ts'
import { directoryYaml, temporaryFolder } from './support/node-folder.ts'

const good = directoryYaml('H29#1', 'A'.repeat(43))

async function read(t: TestContext, text: string, name = 'directory.yaml') {
  const file = join(temporaryFolder(t), name)
  writeFileSync(file, text)
  const checked = await readDirectoryFile(file, name)
  return checked.ok ? checked.value : checked.problems.map((problem) => problemLine(problem, 'en'))
}

const refusals: readonly (readonly [was: string, is: string, said: string])[] = [
  ['version: 7', 'version: seven', 'directory.yaml:1:10 version: must be a whole number from 1'],
  ['id: H26, tier', 'id: H29, tier', 'directory.yaml:6:11 nodes[3].id: H29 stands above already'],
  ['parent: H29, keys', 'parent: H30, keys', 'directory.yaml:5:43 nodes[2].parent: the directory does not know H30'],
  ['AAAA', 'A*AA', 'directory.yaml:4:79 nodes[1].keys[0].publicKey: must be an Ed25519 public key'],
  [
    'name: Huyện,',
    'name: Huyện, oldCode: 000.00.00.h29,',
    'directory.yaml:10:41 organisations[2].oldCode: two organisations have',
  ],
  ['id: H26, name', 'id: h29, name', 'directory.yaml:12:11 organisations[4].id: h29 stands above already'],
  ['2025-06-30', '2025-06-31', 'directory.yaml:11:71 organisations[3].validTo: must be a day that exists'],
  ['validTo: 2025-06-30, ', '', 'directory.yaml:11:11 organisations[3].id: it has successors and no last day'],
  ['node: H26', 'node: H27', 'directory.yaml:12:52 organisations[4].node: the directory does not know H27'],
  ['[H29.18] }', '[H29.20] }', 'directory.yaml:11:96 organisations[3].successors[0]: the directory does not know'],
  ['H29.18, H26]', 'H29.18, H27]', 'directory.yaml:14:27 groups.all[3]: the directory does not know H27'],
  [
    'parent: G22, keys: []',
    'parent: null, keys: []',
    'directory.yaml:3:3 nodes: G22 H26: exactly one node must have no parent',
  ],
  ['name: Huyện,', 'nmae: Huyện,', 'directory.yaml:10:19 organisations[2].nmae: unknown key, did you mean "name"?'],
]

/** The same with everything that may stand beside a key, beside an organisation and at the end. */
const keyed = `${good
  .replace(
    '}] }',
    `}, { kid: H29#2, publicKey: '${'B'.repeat(43)}', validFrom: 2026-07-01, replaces: H29#1,
      vouchers: [{ by: G22#1, signature: ${'A'.repeat(86)}, until: '2028-07-01T08:00:00+07:00' }] }] }`,
  )
  .replace(
    'parent: null, node: G22 }',
    `parent: null, node: G22, certificates: [{ fingerprint: ${'ab'.repeat(32)}, validTo: 1800000000000 }] }`,
  )}roots:
  - { kid: G22#1, publicKey: '${'A'.repeat(43)}' }
`

const keyRefusals: readonly (readonly [was: string, is: string, said: string])[] = [
  ['kid: H29#2', 'kid: H29#1', 'directory.yaml:4:135 nodes[1].keys[1].kid: H29#1 stands above already'],
  ['kid: H29#2', 'kid: H26#2', 'directory.yaml:4:135 nodes[1].keys[1].kid: is not the name of a key of node H29'],
  ['kid: H29#2', 'kid: H29', 'directory.yaml:4:135 nodes[1].keys[1].kid: must be a node, # and a number'],
  ['2026-07-01', '2026-06-31', 'directory.yaml:4:211 nodes[1].keys[1].validFrom: must be a day such as'],
  ['signature: A', 'signature: ', 'directory.yaml:5:42 nodes[1].keys[1].vouchers[0].signature: must be an Ed25519'],
  ['by: G22#1', 'from: G22#1', 'directory.yaml:5:20 nodes[1].keys[1].vouchers[0].from: unknown key'],
  ['fingerprint: ab', 'fingerprint: AB', 'directory.yaml:9:97 organisations[0].certificates[0].fingerprint: must be'],
  ['- { kid: G22#1', '- { kid: G23#1', 'directory.yaml:17:12 roots[0].kid: the directory does not know G23'],
]

describe('a directory file', () => {
  it('is read from YAML and from JSON alike', async (t) => {
    const fromYaml = await read(t, good)
    assert.ok(!Array.isArray(fromYaml), String(fromYaml))
    assert.deepEqual(await read(t, JSON.stringify(fromYaml), 'directory.json'), fromYaml)
  })

  for (const [was, is, said] of refusals) {
    it(`says ${said}`, async (t) => {
      assert.ok(good.includes(was))
      const lines = await read(t, good.replace(was, is))
      assert.ok(Array.isArray(lines) && lines.some((line) => String(line).startsWith(said)), String(lines))
    })
  }

  for (const [was, is, said] of keyRefusals) {
    it(`says ${said}`, async (t) => {
      assert.ok(keyed.includes(was))
      const lines = await read(t, keyed.replace(was, is))
      assert.ok(Array.isArray(lines) && lines.some((line) => String(line).startsWith(said)), String(lines))
    })
  }

  it('has keys, certificates and roots with instants in any written form', async (t) => {
    const directory = await read(t, keyed)
    assert.ok(!Array.isArray(directory), String(directory))
    const [, second] = directory.nodes[1]?.keys ?? []
    assert.equal(second?.validFrom, Date.UTC(2026, 6, 1))
    assert.equal(second?.vouchers?.[0]?.until, Date.UTC(2028, 6, 1, 1))
    assert.deepEqual(directory.organisations[0]?.certificates, [
      { fingerprint: 'ab'.repeat(32), validTo: 1_800_000_000_000 },
    ])
    assert.deepEqual(directory.roots, [{ kid: 'G22#1', publicKey: 'A'.repeat(43) }])
    assert.deepEqual(await read(t, JSON.stringify(directory), 'directory.json'), directory)
  })

  it('warns of keys that the roots do not lead to, and of none without roots', async (t) => {
    const file = join(temporaryFolder(t), 'directory.yaml')
    const warnings = async (text: string) => {
      writeFileSync(file, text)
      const checked = await readDirectoryFile(file, 'directory.yaml')
      return checked.warnings.map((warning) => problemLine(warning, 'en'))
    }
    assert.deepEqual(await warnings(good), [])
    const [warning, ...others] = await warnings(`${good}roots:\n  - { kid: 'H26#1', publicKey: '${'A'.repeat(43)}' }\n`)
    assert.match(
      String(warning),
      /^directory\.yaml:4:\d+ nodes\[1\]\.keys\[0\]: nobody the roots lead to vouches for H29#1/,
    )
    assert.deepEqual(others, [])
  })

  it('is refused when it is not UTF-8', async (t) => {
    const file = join(temporaryFolder(t), 'directory.yaml')
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]))
    await assert.rejects(readDirectoryFile(file, 'directory.yaml'), { code: 'FILE_UNREADABLE' })
  })
})
