import assert from 'node:assert/strict'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type Directory, findKey, openRegistry } from '@lienthong/core'
import { createSealingKey, sealingKeyToPem, verifySignature } from '@lienthong/link'
import { editDirectoryFile } from '../src/config/directory-edit.ts'
import { readDirectoryFile } from '../src/config/directory-file.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

const dayMs = 86_400_000
const commented = '# of the province'

interface Folder {
  readonly dir: string
  readonly directoryFile: string
  run(...words: readonly string[]): ReturnType<typeof callProgram>
  /** Runs what must succeed and reads its JSON. */
  json(...words: readonly string[]): Promise<ReturnType<typeof JSON.parse>>
  text(name: string): string
  directory(): Promise<Directory>
  state(kid: string, inMs?: number): Promise<string>
}

/** G22 over H29 over H29.18, with a key each; `rooted` pins G22's and has them vouch down the tree. */
async function folderOf(t: TestContext, rooted = false): Promise<Folder> {
  const dir = temporaryFolder(t)
  const directoryFile = join(dir, 'directory.yaml')
  const publicKeys: Record<string, string> = {}
  for (const node of ['G22', 'H29', 'H29.18']) {
    const key = createSealingKey(node, 1)
    publicKeys[node] = key.publicKey
    writeFileSync(join(dir, `${node}.key`), sealingKeyToPem(key), { mode: 0o600 })
  }
  writeFileSync(
    directoryFile,
    `version: 7
nodes:
  - { id: G22, tier: central, parent: null, keys: [{kid: 'G22#1', publicKey: '${publicKeys['G22']}'}] }
  - id: H29   ${commented}
    tier: province
    parent: G22
    keys:
      - kid: "H29#1"
        publicKey: '${publicKeys['H29']}'  # the first
  - { id: H29.18, tier: district, parent: H29, keys: [ { kid: 'H29.18#1', publicKey: '${publicKeys['H29.18']}' } ] }
organisations:
  - { id: H29, name: "Tỉnh", code102: 000.00.00.H29, parent: null, node: H29 }
groups: {all: [H29]}
${rooted ? `roots:\n  - { kid: 'G22#1', publicKey: '${publicKeys['G22']}' }\n` : ''}`,
  )
  const run = (...words: readonly string[]) => callProgram(words, { cwd: dir })
  const folder: Folder = {
    dir,
    directoryFile,
    run,
    json: async (...words) => {
      const { exit, stdout, stderr } = await run(...words, '-o', 'json')
      assert.equal(exit, 0, stderr)
      return JSON.parse(stdout)
    },
    text: (name) => readFileSync(join(dir, name), 'utf8'),
    directory: async () => {
      const checked = await readDirectoryFile(directoryFile, 'directory.yaml')
      assert.ok(checked.ok)
      return checked.value
    },
    state: async (kid, inMs = 0) => {
      const answer = findKey(openRegistry(await folder.directory(), verifySignature), kid, Date.now() + inMs)
      return answer.found ? 'valid' : answer.code
    },
  }
  if (rooted) {
    await folder.json('key', 'vouch', 'H29#1', '--key', 'G22.key', '--directory', 'directory.yaml')
    await folder.json('key', 'vouch', 'H29.18#1', '--key', 'H29.key', '--directory', 'directory.yaml')
  }
  return folder
}

const inDirectory = ['--directory', 'directory.yaml']

describe('key create and show', () => {
  it('say when the key was made and how long it is valid', async (t) => {
    const { json, text } = await folderOf(t)
    const before = Date.now() - 1000
    const made = await json('key', 'create', 'new.key', '--node', 'H29', '--number', '4', '--valid-for', '730d')
    assert.equal(made.validTo - made.validFrom, 730 * dayMs)
    const shown = await json('key', 'show', 'new.key')
    assert.ok(shown.createdAt >= before && shown.createdAt <= Date.now())
    assert.deepEqual([shown.kid, shown.publicKey, shown.directory], ['H29#4', made.publicKey, null])
    const der = createPublicKey(text('new.key').replace(/^[\s\S]*?(?=-----BEGIN)/, '')).export({
      type: 'spki',
      format: 'der',
    })
    assert.equal(shown.fingerprint, createHash('sha256').update(der).digest('hex'))
  })

  it('show the state in a directory, by the public key, and never the private part', async (t) => {
    const { json, run, text } = await folderOf(t)
    const state = async () => (await json('key', 'show', 'H29.key', ...inDirectory)).directory.state
    assert.equal(await state(), 'valid')
    await json('key', 'revoke', 'H29#1', '--reason', 'test', ...inDirectory)
    assert.equal(await state(), 'revoked')
    const secret = text('H29.key')
      .split('\n')
      .filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line))
    assert.equal(secret.length, 1)
    for (const form of [['-o', 'json'], ['--lang', 'vi'], ['--debug']]) {
      const { stdout, stderr } = await run('key', 'show', 'H29.key', ...inDirectory, ...form)
      for (const part of secret) assert.ok(!`${stdout}${stderr}`.includes(part))
      assert.doesNotMatch(stdout, /PRIVATE/)
    }
  })

  it('refuse what is no key, without quoting it', async (t) => {
    const { run, dir } = await folderOf(t)
    writeFileSync(join(dir, 'other.key'), 'secret text')
    const { exit, stderr } = await run('key', 'show', 'other.key')
    assert.equal(exit, 6)
    assert.match(stderr, /other\.key.*\[CONFIG_INVALID\]/)
    assert.doesNotMatch(stderr, /secret text/)
  })
})

describe('key rotate', () => {
  it('makes the next key beside the old one, both valid for the overlap', async (t) => {
    const { json, text, dir, state } = await folderOf(t)
    const old = text('H29.key')
    const done = await json('key', 'rotate', 'H29.key', '--node', 'H29', '--overlap', '40d', ...inDirectory)

    assert.deepEqual([done.file, done.directory.before, done.directory.after], ['H29-2.key', 7, 8])
    assert.equal(statSync(join(dir, 'H29-2.key')).mode & 0o777, 0o600)
    assert.equal(text('H29.key'), old)
    assert.match(text('H29-2.key'), /^kid: H29#2$/m)
    for (const [kid, days, expected] of [
      ['H29#1', 0, 'valid'],
      ['H29#2', 0, 'valid'],
      ['H29#1', 40, 'valid'],
      ['H29#1', 42, 'KEY_EXPIRED'],
      ['H29#2', 4000, 'valid'],
    ] as const) {
      assert.equal(await state(kid, days * dayMs), expected, `${kid} in ${days} days`)
    }
  })

  it('changes only the lines it must, and keeps comments, order, quotes and mode', async (t) => {
    const { json, text, directoryFile } = await folderOf(t)
    chmodSync(directoryFile, 0o640)
    const before = text('directory.yaml').split('\n')
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    const after = text('directory.yaml').split('\n')
    assert.equal(statSync(directoryFile).mode & 0o777, 0o640)
    const gone = before.filter((line) => !after.includes(line))
    assert.deepEqual(gone, ['version: 7'])
    assert.ok(after.some((line) => line.includes(commented)))
    assert.ok(!existsSync(`${directoryFile}.${process.pid}.new`))
  })

  it('has the old key sign the new entry', async (t) => {
    const { json, directory } = await folderOf(t)
    await json('key', 'rotate', 'H29.key', '--valid-for', '365d', ...inDirectory)
    const { nodes, ...rest } = await directory()
    const [first, next] = nodes.find(({ id }) => id === 'H29')?.keys ?? []
    assert.ok(first && next)
    const pinned = { kid: 'H29#1', publicKey: first.publicKey }
    const believing = (key: typeof next) =>
      openRegistry({ nodes: [{ id: 'H29', parent: null, keys: [first, key] }], roots: [pinned] }, verifySignature)
    assert.notEqual(believing(next).vouchedUntil('H29#2'), null)
    assert.equal(believing({ ...next, publicKey: first.publicKey }).vouchedUntil('H29#2'), null)
    assert.equal(rest.version, 8)
  })

  it('is refused a second time, and a key file is never written over', async (t) => {
    const { json, run, text } = await folderOf(t)
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    const [made, listed] = [text('H29-2.key'), text('directory.yaml')]
    for (const words of [inDirectory, [], [...inDirectory, '--out', 'other.key']]) {
      const { exit, stderr } = await run('key', 'rotate', 'H29.key', ...words)
      assert.equal(exit, 3)
      assert.match(stderr, /\[KEY_EXISTS\]/)
    }
    assert.deepEqual([text('H29-2.key'), text('directory.yaml')], [made, listed])
    await json('key', 'rotate', 'H29-2.key', ...inDirectory)
    assert.match(text('H29-3.key'), /^kid: H29#3$/m)
  })

  it('goes on after it was stopped between key and directory', async (t) => {
    const { json, text, directoryFile, state } = await folderOf(t)
    const untouched = text('directory.yaml')
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    const made = text('H29-2.key')
    writeFileSync(directoryFile, untouched)
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    assert.equal(text('H29-2.key'), made)
    assert.equal(await state('H29#2'), 'valid')
  })

  it('without a directory prints both entries', async (t) => {
    const { run, dir } = await folderOf(t)
    const { exit, stdout } = await run('key', 'rotate', 'H29.key', '--out', 'next.key')
    assert.equal(exit, 0)
    assert.match(stdout, /- kid: H29#1\n +publicKey: \S+\n +validTo: \S+Z\n +- kid: H29#2\n/)
    assert.match(stdout, /replaces: H29#1\n +vouchers:\n +- by: H29#1\n +signature: \S{86}\n/)
    assert.ok(existsSync(join(dir, 'next.key')))
  })

  it('changes a JSON directory as well, through a link to it', async (t) => {
    const { json, directory, dir, directoryFile } = await folderOf(t)
    writeFileSync(join(dir, 'real.json'), JSON.stringify(await directory(), null, 2))
    rmSync(directoryFile)
    symlinkSync('real.json', directoryFile)
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    const written = JSON.parse(readFileSync(join(dir, 'real.json'), 'utf8'))
    assert.equal(written.nodes[1].keys[1].kid, 'H29#2')
    assert.match(readFileSync(join(dir, 'real.json'), 'utf8'), /^\{\n {2}"version": 8,\n/)
  })

  it('is refused to a key that has gone, is not listed, or is another node’s', async (t) => {
    const { json, run, dir } = await folderOf(t)
    await json('key', 'create', 'stray.key', '--node', 'H29', '--number', '1')
    await json('key', 'revoke', 'H29#1', '--reason', 'test', ...inDirectory)
    for (const [words, exit, code] of [
      [['H29.key', ...inDirectory], 3, 'KEY_REVOKED'],
      [['stray.key', ...inDirectory], 4, 'NOT_FOUND'],
      [['H29.18.key', '--node', 'H29', ...inDirectory], 2, 'USAGE'],
      [['H29.18.key', '--overlap', '30', ...inDirectory], 2, 'USAGE'],
      [['H29.18.key', '--directory', 'none.yaml'], 3, 'FILE_UNREADABLE'],
    ] as const) {
      const ended = await run('key', 'rotate', ...words)
      assert.deepEqual([ended.exit, ended.stdout], [exit, ''], ended.stderr)
      assert.match(ended.stderr, new RegExp(`\\[${code}\\]`))
    }
    assert.ok(!existsSync(join(dir, 'H29-2.key')))
  })
})

describe('with roots', () => {
  it('a rotated key counts when the parent has vouched for it too', async (t) => {
    const { json, run, state } = await folderOf(t, true)
    for (const kid of ['G22#1', 'H29#1', 'H29.18#1']) assert.equal(await state(kid), 'valid')
    const said = await run('key', 'rotate', 'H29.18.key', ...inDirectory)
    assert.match(said.stdout, /H29\.18#2 counts once node H29 has signed/)
    assert.equal(await state('H29.18#2'), 'KEY_NOT_VOUCHED')
    const vouched = await json('key', 'vouch', 'H29.18#2', '--key', 'H29.key', ...inDirectory)
    assert.deepEqual([vouched.by, vouched.changed], ['H29#1', true])
    assert.equal(await state('H29.18#2'), 'valid')
    assert.equal((await json('key', 'vouch', 'H29.18#2', '--key', 'H29.key', ...inDirectory)).changed, false)
  })

  it('nobody vouches beside the line', async (t) => {
    const { run, json } = await folderOf(t, true)
    for (const [kid, signer, exit, code] of [
      ['H29#1', 'H29.18.key', 2, 'USAGE'],
      ['H29#1', 'H29.key', 2, 'USAGE'],
      ['H29#9', 'G22.key', 4, 'NOT_FOUND'],
    ] as const) {
      const ended = await run('key', 'vouch', kid, '--key', signer, ...inDirectory)
      assert.equal(ended.exit, exit, ended.stderr)
      assert.match(ended.stderr, new RegExp(`\\[${code}\\]`))
    }
    await json('key', 'revoke', 'H29#1', '--reason', 'test', ...inDirectory)
    const ended = await run('key', 'vouch', 'H29.18#1', '--key', 'H29.key', ...inDirectory)
    assert.match(ended.stderr, /\[KEY_REVOKED\]/)
  })

  it('a pinned key hands over by its own word', async (t) => {
    const { json, run, state } = await folderOf(t, true)
    const said = await run('key', 'rotate', 'G22.key', ...inDirectory)
    assert.doesNotMatch(said.stdout, /vouch/)
    assert.equal(await state('G22#2'), 'valid')
    await json('key', 'vouch', 'H29#1', '--key', 'G22-2.key', ...inDirectory)
  })

  it('a revocation says who falls with it', async (t) => {
    const { json, state } = await folderOf(t, true)
    const done = await json('key', 'revoke', 'H29#1', '--reason', 'test', ...inDirectory)
    assert.deepEqual([done.fallen, done.lastLiving], [['H29.18#1'], true])
    assert.equal(await state('H29.18#1'), 'KEY_NOT_VOUCHED')
  })
})

describe('key revoke', () => {
  it('is for good, shown before and after, and done once', async (t) => {
    const { json, run, state, text, directory } = await folderOf(t)
    await json('key', 'rotate', 'H29.key', ...inDirectory)
    const done = await json('key', 'revoke', 'H29#1', '--reason', 'máy bị mất', ...inDirectory)
    const [change] = done.changes
    assert.deepEqual([change.before.state, change.after.state, done.lastLiving], ['valid', 'revoked', false])
    assert.equal(await state('H29#1'), 'KEY_REVOKED')
    const [entry] = (await directory()).nodes[1]?.keys ?? []
    assert.equal(entry?.revokedFor, 'máy bị mất')

    const written = text('directory.yaml')
    const again = await json('key', 'revoke', 'H29#1', '--reason', 'other', ...inDirectory)
    assert.equal(again.changed, false)
    assert.equal(text('directory.yaml'), written)

    const last = await run('key', 'revoke', 'H29#2', '--reason', 'x', ...inDirectory)
    assert.match(last.stdout, /valid.* {2}revoked/)
    assert.match(last.stdout, /Node H29 has no key left/)
  })

  it('does not know what the directory does not', async (t) => {
    const { run } = await folderOf(t)
    for (const kid of ['H29#7', 'H30#1', 'H29']) {
      const { exit, stderr } = await run('key', 'revoke', kid, '--reason', 'x', ...inDirectory)
      assert.equal(exit, 4)
      assert.match(stderr, /\[NOT_FOUND\]/)
    }
    assert.equal((await run('key', 'revoke', 'H29#1', ...inDirectory)).exit, 2)
  })
})

describe('key certificate', () => {
  it('pins by fingerprint, lists, and revokes by file or fingerprint', async (t) => {
    const { json, dir, directory, run } = await folderOf(t)
    const file = certificate(dir, 'h29.pem')
    const { fingerprint256, validTo } = new X509Certificate(readFileSync(file))
    const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase()

    const added = await json('key', 'certificate', 'add', '000.00.00.H29', 'h29.pem', ...inDirectory)
    assert.deepEqual([added.organ, added.fingerprint, added.state, added.changed], ['H29', fingerprint, 'valid', true])
    assert.equal((await directory()).organisations[0]?.certificates?.[0]?.validTo, Date.parse(validTo))
    assert.equal((await json('key', 'certificate', 'add', 'H29', 'h29.pem', ...inDirectory)).changed, false)
    const listed = await json('key', 'certificate', 'list', ...inDirectory)
    assert.deepEqual(
      listed.map(({ fingerprint: print }: { fingerprint: string }) => print),
      [fingerprint],
    )

    const revoked = await json('key', 'certificate', 'revoke', 'H29', fingerprint256, ...inDirectory)
    assert.deepEqual([revoked.state, revoked.changed], ['revoked', true])
    assert.equal((await json('key', 'certificate', 'revoke', 'H29', 'h29.pem', ...inDirectory)).changed, false)
    assert.match((await run('key', 'certificate', 'list', 'H29', ...inDirectory)).stdout, /revoked/)
  })

  it('takes no ended, weak or unreadable one, and none for an unknown organisation', async (t) => {
    const { run, dir } = await folderOf(t)
    certificate(dir, 'h29.pem')
    certificate(dir, 'weak.pem', '-weak')
    certificate(dir, 'ended.pem', '-ended')
    writeFileSync(join(dir, 'none.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    for (const [organ, file, exit, said] of [
      ['H29', 'weak.pem', 3, /1024 bits.*\[CERTIFICATE_INVALID\]/],
      ['H29', 'ended.pem', 3, /ended on 2021-01-01.*\[CERTIFICATE_INVALID\]/],
      ['H29', 'none.pem', 3, /no X\.509 certificate.*\[CERTIFICATE_INVALID\]/],
      ['H30', 'h29.pem', 4, /\[NOT_FOUND\]/],
    ] as const) {
      const ended = await run('key', 'certificate', 'add', organ, file, ...inDirectory)
      assert.equal(ended.exit, exit, ended.stderr)
      assert.match(ended.stderr, said)
    }
    const stranger = 'ab'.repeat(32)
    assert.equal((await run('key', 'certificate', 'revoke', 'H29', stranger, ...inDirectory)).exit, 4)
  })
})

describe('a directory file under two hands', () => {
  it('is not overwritten when it changed since it was read', async (t) => {
    const { directoryFile, text } = await folderOf(t)
    const edit = await editDirectoryFile(directoryFile, 'directory.yaml')
    edit.set(['nodes', 0, 'tier'], 'top')
    const other = `${text('directory.yaml')}# another hand\n`
    writeFileSync(directoryFile, other)
    await assert.rejects(edit.save(), { code: 'FILE_UNWRITABLE' })
    assert.equal(text('directory.yaml'), other)
  })
})

/** Copies a certificate beside the directory: `certificate`, `-weak` with an RSA key of 1024 bits, `-ended` in 2021. */
function certificate(dir: string, name: string, kind = ''): string {
  const file = join(dir, name)
  copyFileSync(new URL(`../../test/fixtures/certificate${kind}.pem`, import.meta.url), file)
  return file
}
