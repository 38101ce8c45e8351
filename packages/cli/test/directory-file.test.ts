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
  ['000.00.00.H29', 'g22', 'directory.yaml:9:38 organisations[1].aliases[0]: g22 stands above already'],
  ['node: H26', 'node: H27', 'directory.yaml:12:52 organisations[4].node: the directory does not know H27'],
  ['successor: H29.18', 'successor: H29.20', 'directory.yaml:11:73 organisations[3].successor: the directory'],
  ['H29.18, H26]', 'H29.18, H27]', 'directory.yaml:14:27 groups.all[3]: the directory does not know H27'],
  ['parent: G22, keys: []', 'parent: null, keys: []', 'directory.yaml:3:3 nodes: the tree of nodes is not valid'],
  ['name: Huyện,', 'nmae: Huyện,', 'directory.yaml:10:19 organisations[2].nmae: unknown key, did you mean "name"?'],
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

  it('is refused when it is not UTF-8', async (t) => {
    const file = join(temporaryFolder(t), 'directory.yaml')
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]))
    await assert.rejects(readDirectoryFile(file, 'directory.yaml'), { code: 'FILE_UNREADABLE' })
  })
})
