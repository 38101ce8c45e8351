/** What a node declares, changed by files and single commands: planned, approved, applied, rolled back. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { checkDeclaredText } from '../src/config/declared-file.ts'
import { declaredYaml } from '../src/config/declared-yaml.ts'
import { openControlServer } from '../src/control/server.ts'
import { first, type LivingNode, livingNode } from './support/living-node.ts'
import { nodeDouble } from './support/node-double.ts'
import { directoryYaml, temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

const reason = ['--reason', 'QĐ 12/2026'] as const

/** Exports the declared file, edits it and puts it back. */
async function edit(node: LivingNode, change: (yaml: string) => string, file = 'h29.yaml'): Promise<string> {
  const { exit, stderr } = await node.run(['routes', 'export', '--out', file])
  assert.equal(exit, 0, stderr)
  const path = join(node.dir, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  assert.notEqual(after, before)
  writeFileSync(path, after)
  return path
}

const renamed = (yaml: string) => yaml.replace('name: Sở Y tế', 'name: Sở Y tế và Dân số')

describe('a declared file', () => {
  it('goes from export to the next version, with its difference, who and why', async (t) => {
    const node = await livingNode(t)
    await edit(node, (yaml) => renamed(yaml).replace('delegates: [ H29.18 ]', 'delegates: [ H29.18, H29.20 ]'))

    const plan = await node.run(['routes', 'plan', 'h29.yaml'])
    assert.equal(plan.exit, 0, plan.stderr)
    const difference = [
      '~ child H29.18',
      '    delegates: +H29.20',
      '~ organisation H29.03 "Sở Y tế và Dân số"',
      '    name: Sở Y tế → Sở Y tế và Dân số',
      '',
      '0 added, 2 changed, 0 removed',
    ]
    assert.deepEqual(plan.stdout.trimEnd().split('\n'), difference)
    assert.match(plan.stderr, /Compared with version 1\.1/)

    const args = ['routes', 'apply', 'h29.yaml', '--approve', '--by', 'truc-1', ...reason]
    const applied = await node.run(args)
    assert.equal(applied.exit, 0, applied.stderr)
    assert.match(applied.stdout, /Applied: version 1\.2 \(was 1\.1\)/)
    const { by, reason: why, base, content } = node.versions[1] ?? assert.fail()
    assert.deepEqual([by, why, base], ['truc-1', 'QĐ 12/2026', { epoch: 1, version: 1 }])
    assert.equal(content.organisations.find(({ id }) => id === 'H29.03')?.name, 'Sở Y tế và Dân số')

    const again = await node.run(args)
    assert.deepEqual([again.exit, again.stdout.trim()], [0, 'Nothing changes.'])
    assert.equal(node.versions.length, 2)
  })

  it('is refused when the table has moved since it was exported', async (t) => {
    const node = await livingNode(t)
    await edit(node, renamed, 'mine.yaml')
    await edit(node, (yaml) => yaml.replace('name: Sở Nội vụ', 'name: Sở Tổ chức'), 'theirs.yaml')
    assert.equal((await node.run(['routes', 'apply', 'theirs.yaml', '--approve', ...reason])).exit, 0)

    const late = await node.run(['routes', 'apply', 'mine.yaml', '--approve', ...reason])
    assert.equal(late.exit, 3)
    assert.match(late.stderr, /is version 1\.2 now.*\[BASE_MOVED\]/)
    assert.match((await node.run(['routes', 'plan', 'mine.yaml'])).stderr, /made from version 1\.1.* 1\.2 now/)
    assert.equal(node.versions.length, 2)
  })

  it('asks a person at the terminal, and does nothing without a clear yes', async (t) => {
    const node = await livingNode(t)
    await edit(node, renamed)
    const apply = ['routes', 'apply', 'h29.yaml', ...reason]
    for (const input of ['n\n', '\n', '', 'yesterday\n']) {
      const { exit, stderr } = await node.run(apply, { interactive: true, input })
      assert.equal(exit, 3, input)
      assert.match(stderr, /Apply this change\?.*Not applied/s)
    }
    const nobody = await node.run(apply, { input: 'y\n' })
    assert.equal(nobody.exit, 2)
    assert.match(nobody.stderr, /--approve is needed/)
    assert.equal(node.versions.length, 1)
    const yes = await node.run([...apply, '--lang', 'vi'], { interactive: true, input: 'có\n' })
    assert.match(yes.stdout, /1 sửa.*Đã áp dụng: phiên bản 1\.2/s)
    assert.equal(node.versions.length, 2)
  })

  it('without a base needs one said, unless a person looks at it', async (t) => {
    const node = await livingNode(t)
    await edit(node, (yaml) => renamed(yaml).replace(/^base: .*\n/m, ''))
    const apply = ['routes', 'apply', 'h29.yaml', ...reason]
    const blind = await node.run([...apply, '--approve'])
    assert.equal(blind.exit, 2)
    assert.match(blind.stderr, /--base 1\.7/)
    assert.equal((await node.run([...apply, '--approve', '--base', '1.0'])).exit, 3)
    assert.equal((await node.run([...apply, '--approve', '--base', '1.1'])).exit, 0)
  })

  it('leaves what it has no section for, and takes away what a section lacks', async (t) => {
    const node = await livingNode(t)
    writeFileSync(join(node.dir, 'part.yaml'), 'base: { epoch: 1, version: 1 }\ngroups: {}\n')
    const { stdout } = await node.run(['routes', 'plan', 'part.yaml'])
    assert.equal(stdout, '- group departments\n\n0 added, 0 changed, 1 removed\n')
  })

  it('is checked with the place of every problem, in either language, before anything changes', async (t) => {
    const node = await livingNode(t)
    writeFileSync(
      join(node.dir, 'bad.yaml'),
      `groups: {}
organisations:
  - { id: H29, name: Tỉnh, parent: null }
  - { id: H30.1, name: Lạ, parent: H99 }
exceptions:
  - { organ: G22, hold: true, reason: thử, until: 2020-01-01 }
  - { organ: G22, redirect: H77, reason: thử }
`,
    )
    for (const command of [
      ['routes', 'check', 'bad.yaml'],
      ['routes', 'plan', 'bad.yaml'],
      ['routes', 'apply', 'bad.yaml', '--approve', '--base', '1.1', ...reason],
    ]) {
      const { exit, stderr } = await node.run(command)
      assert.equal(exit, 6, stderr)
      assert.deepEqual(stderr.split('\n').slice(0, 4), [
        'bad.yaml:4:11 organisations[1].id: organisation H30.1 lies outside what was delegated to this node',
        'bad.yaml:4:36 organisations[1].parent: its parent H99 is not in the directory',
        'bad.yaml:7:14 exceptions[1].organ: there is an exception for G22 already',
        'bad.yaml:7:29 exceptions[1].redirect: H77 is neither a child nor the parent of this node',
      ])
    }
    const vietnamese = await node.run(['routes', 'check', 'bad.yaml', '--lang', 'vi'])
    assert.match(vietnamese.stderr, /bad\.yaml:4:11 .*nằm ngoài phạm vi được ủy quyền/)
    assert.equal(node.versions.length, 1)
  })

  it('is refused for its shape without a node being asked', async (t) => {
    const node = await livingNode(t)
    const spoil: readonly [text: string, expected: RegExp][] = [
      ['organisation: []', /:1:1 organisation: unknown key, did you mean "organisations"/],
      ['children: [{ id: H29.18, tier: x, delegates: [007] }]', /:1:47 children\[0\]\.delegates\[0\]/],
      ['exceptions: [{ organ: H29, reason: x }]', /:1:14 exceptions\[0\]: give one of the two/],
      ['exceptions: [{ organ: H29, reason: x, hold: true, until: 2026-02-30 }]', /exceptions\[0\]\.until/],
      ['', /must/],
    ]
    for (const [text, expected] of spoil) {
      writeFileSync(join(node.dir, 'bad.yaml'), text)
      const { exit, stderr } = await callProgram(['routes', 'plan', 'bad.yaml'], { cwd: node.dir })
      assert.equal(exit, 6, stderr)
      assert.match(stderr, expected)
    }
  })

  it('warns of what may stand', async (t) => {
    const node = await livingNode(t)
    await edit(node, (yaml) =>
      yaml.replace('exceptions: []', 'exceptions:\n  - { organ: G22, hold: true, reason: a, until: 2020-01-01 }'),
    )
    const { exit, stderr } = await node.run(['routes', 'check', 'h29.yaml'])
    assert.equal(exit, 0, stderr)
    assert.match(stderr, /h29\.yaml:\d+:\d+ exceptions\[0\]\.until: the exception ended on 2020-01-01/)
  })

  it('is written so that no zero or day is lost, alike each time, and read back as it was', () => {
    const content = {
      children: [{ id: '29', tier: '1e5', delegates: ['007', 'H29'] }],
      organisations: [
        { id: '0123', name: '12', parent: null, validTo: '2026-06-30', successors: ['H29.2', '000.00.01.H29'] },
        {
          id: '000.00.18.H29',
          name: 'A: #b',
          parent: '29',
          certificates: [{ fingerprint: 'ab'.repeat(32), validFrom: 1_700_000_000_123, revokedAt: 1_700_000_000_000 }],
        },
      ],
      groups: { '1': ['007'] },
      exceptions: [
        { organ: '007', redirect: '29', reason: 'true', until: '2026-01-01' },
        { organ: '008', hold: true as const, reason: 'x' },
      ],
    }
    const text = declaredYaml(content, { base: { epoch: 1, version: 7 }, remark: 'a\nb' })
    assert.match(text, /^# a\n# b\n/)
    assert.match(text, /id: '000\.00\.18\.H29'/)
    assert.match(text, /delegates: \[ '007', H29 \]/)
    const turned = { ...content, organisations: content.organisations.toReversed() }
    assert.equal(declaredYaml(turned, { base: { epoch: 1, version: 7 }, remark: 'a\nb' }), text)
    const read = checkDeclaredText(text, 'x.yaml')
    assert.ok(read.ok, JSON.stringify(read))
    assert.deepEqual(read.value.base, { epoch: 1, version: 7 })
    assert.deepEqual(read.value.content, turned)
  })
})

describe('versions', () => {
  it('are listed with who, why and how much, and shown', async (t) => {
    const node = await livingNode(t)
    await edit(node, renamed)
    await node.run(['routes', 'apply', 'h29.yaml', '--approve', '--by', 'truc-1', ...reason])
    const { stdout } = await node.run(['routes', 'history'])
    const [headings = '', newest = '', oldest = ''] = stdout.split('\n')
    assert.match(headings, /^Version +Time +By +Changes +Reason$/)
    assert.match(newest, /^1\.2 .* truc-1 +\+0 ~1 -0 +QĐ 12\/2026$/)
    assert.match(oldest, /^1\.1 .* join +first$/)
    const page = JSON.parse((await node.run(['routes', 'history', '--limit', '1', '-o', 'json'])).stdout)
    assert.deepEqual([page.items.length, page.items[0].changes], [1, { added: 0, changed: 1, removed: 0 }])
    assert.ok(!('content' in page.items[0]))
    const before = JSON.parse((await node.run(['routes', 'history', '--before', '1.2', '-o', 'json'])).stdout)
    assert.deepEqual(
      before.items.map(({ version }: { version: number }) => version),
      [1],
    )

    assert.match((await node.run(['routes', 'show'])).stdout, /Version: +1\.2\n.*Sở Y tế và Dân số/s)
    const old = JSON.parse((await node.run(['routes', 'show', '1.1', '-o', 'json'])).stdout)
    assert.deepEqual([old.node, old.parent, old.current.content], ['H29', 'G22', first])
    assert.equal((await node.run(['routes', 'show', '1.9'])).exit, 4)
    assert.equal((await node.run(['routes', 'show', 'newest'])).exit, 2)
  })

  it('are rolled back to as a new one, checked against the directory of today', async (t) => {
    const node = await livingNode(t)
    await edit(node, renamed)
    await node.run(['routes', 'apply', 'h29.yaml', '--approve', ...reason])
    const back = await node.run(['routes', 'rollback', '1.1', '--approve', '--reason', 'nhầm'])
    assert.equal(back.exit, 0, back.stderr)
    assert.match(back.stdout, /name: Sở Y tế và Dân số → Sở Y tế\n.*version 1\.3 \(was 1\.2\)/s)
    assert.deepEqual(node.versions[2]?.content, first)

    // Since then another node serves one of them.
    node.announce({
      nodes: [
        { id: 'G22', tier: '', parent: null, keys: [] },
        { id: 'H29', tier: '', parent: 'G22', keys: [] },
        { id: 'H30', tier: '', parent: 'G22', keys: [] },
      ],
      organisations: [
        { id: 'G22', name: 'G22', parent: null, node: 'G22' },
        { id: 'H29.03', name: 'X', parent: 'G22', node: 'H30' },
      ],
    })
    await edit(node, (yaml) => yaml.replace(/ {2}- id: H29\.03\n( {4}.*\n)*/, '').replace(/^ {4}- H29\.03\n/m, ''))
    assert.equal((await node.run(['routes', 'apply', 'h29.yaml', '--approve', ...reason])).exit, 0)
    const refused = await node.run(['routes', 'rollback', '1.1', '--approve', '--reason', 'nhầm'])
    assert.equal(refused.exit, 3)
    assert.match(refused.stderr, /H29\.03 is served by node H30.*\[DECLARED_INVALID\]/)
  })

  it('are told to programs as one JSON value', async (t) => {
    const node = await livingNode(t)
    await edit(node, renamed)
    const plan = JSON.parse((await node.run(['routes', 'plan', 'h29.yaml', '-o', 'json'])).stdout)
    assert.deepEqual([plan.base, plan.moved, plan.changes.length], [{ epoch: 1, version: 1 }, false, 1])
    const applied = await node.run(['routes', 'apply', 'h29.yaml', '--approve', ...reason, '-o', 'json'])
    const told = JSON.parse(applied.stdout)
    assert.deepEqual(
      [told.applied, told.version, told.base],
      [true, { epoch: 1, version: 2 }, { epoch: 1, version: 1 }],
    )
  })

  it('are none where the directory is a file', async (t) => {
    const dir = temporaryFolder(t)
    const server = await openControlServer(nodeDouble({}), join(dir, 'control.sock'))
    t.after(() => server.close({ timeoutMs: 0 }))
    const { exit, stderr } = await callProgram(['routes', 'show', '--data', dir])
    assert.equal(exit, 3)
    assert.match(stderr, /is a file, and is changed there.*\[DIRECTORY_FIXED\]/)
    assert.equal((await callProgram(['org', 'show', 'H29', '--data', dir])).exit, 0)
  })
})

describe('a directory file', () => {
  it('stands in for a running node to check and to test by', async (t) => {
    const cwd = temporaryFolder(t)
    writeFileSync(join(cwd, 'directory.yaml'), directoryYaml('H29#1', 'A'.repeat(43)))
    writeFileSync(join(cwd, 'h29.yaml'), 'exceptions: [{ organ: H26, redirect: H29.18, reason: a }]')
    writeFileSync(join(cwd, 'bad.yaml'), 'exceptions: [{ organ: H26, redirect: H26, reason: a }]')
    writeFileSync(join(cwd, 'expected.yaml'), 'tests: [{ from: H29, to: H26, next: up }]')
    const offline = ['--directory', 'directory.yaml', '--node', 'H29']
    const run = (...args: readonly string[]) => callProgram(['routes', ...args], { cwd })
    assert.equal((await run('check', 'h29.yaml', ...offline)).exit, 0)
    assert.match((await run('check', 'bad.yaml', ...offline)).stderr, /bad\.yaml:1:38 .*neither a child nor the parent/)
    assert.equal((await run('test', 'expected.yaml', ...offline)).exit, 0)
    const changed = await run('test', 'expected.yaml', '--with', 'h29.yaml', ...offline)
    assert.match(changed.stdout, /H29 +H26 +up +down:H29\.18/)
    assert.equal((await run('check', 'h29.yaml', '--node', 'H29')).exit, 2)
    assert.equal((await run('check', 'h29.yaml', '--directory', 'directory.yaml', '--node', 'H77')).exit, 4)
  })
})

describe('expectations', () => {
  it('are held against the table, and against what a file would make of it', async (t) => {
    const node = await livingNode(t)
    writeFileSync(
      join(node.dir, 'expected.yaml'),
      `tests:
  - { from: H29.02, to: H29.03, next: mailbox }
  - { from: H29.02, to: H29.18, next: H29.18, path: [H29, H29.18] }
  - { from: H29.02, to: G22, next: up }
  - { from: H29.02, to: Z99, refused: RECEIVER_UNKNOWN }
  - { from: H29.02, to: H29.03, on: 2027-01-01, refused: RECEIVER_CLOSED }
`,
    )
    const now = await node.run(['routes', 'test', 'expected.yaml'])
    assert.equal(now.exit, 3, now.stderr)
    assert.match(now.stdout, /H29\.02 +H29\.03 +RECEIVER_CLOSED +mailbox, H29\n\n4 as expected, 1 not/)
    await edit(node, (yaml) => yaml.replace('    mail: yte@h29.example', "    validTo: '2026-12-31'"))
    const then = await node.run(['routes', 'test', 'expected.yaml', '--with', 'h29.yaml'])
    assert.deepEqual([then.exit, then.stdout.trim()], [0, '5 as expected, 0 not'], then.stderr)
    await edit(node, (yaml) =>
      yaml.replace('exceptions: []', 'exceptions: [{ organ: G22, hold: true, reason: nghẽn }]'),
    )
    const held = await node.run(['routes', 'test', 'expected.yaml', '--with', 'h29.yaml'])
    assert.match(held.stdout, /H29\.02 +G22 +up +RECEIVER_HELD/)
    await node.run(['routes', 'apply', 'h29.yaml', '--approve', ...reason])
    const explained = await node.run(['routes', 'explain', 'H29', 'G22'])
    assert.equal(explained.exit, 3)
    assert.match(explained.stderr, /nghẽn.*\[RECEIVER_HELD\]/)
    writeFileSync(join(node.dir, 'expected.yaml'), 'tests: [{ from: H29, to: H29.02 }]')
    assert.match((await node.run(['routes', 'test', 'expected.yaml'])).stderr, /:1:9 tests\[0\]: give next or path/)
  })
})
