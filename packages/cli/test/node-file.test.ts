import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createSealingKey, sealingKeyToPem } from '@lienthong/link'
import { readNodeFile } from '../src/config/node-file.ts'
import { problemLine } from '../src/config/problem.ts'
import { directoryYaml, nodeEnv, nodeFolder, nodeYaml } from './support/node-folder.ts'

type Folder = ReturnType<typeof nodeFolder>

async function read({ dir }: Folder, env: Record<string, string> = nodeEnv) {
  return readNodeFile({ file: 'node.yaml', workingDir: dir, env })
}

/** Every problem of node.yaml with this text, as printed. */
async function problems(folder: Folder, yaml: string, env?: Record<string, string>): Promise<string[]> {
  folder.write('node.yaml', yaml)
  const checked = await read(folder, env)
  return checked.ok ? [] : checked.problems.map((problem) => problemLine(problem, 'en'))
}

/** Spoils node.yaml, one thing at a time: [what, with what, the line that must be said]. */
const refusals: readonly (readonly [was: string, is: string, said: string])[] = [
  ['management: http', 'managment: http', 'node.yaml:10:3 broker.managment: unknown key, did you mean "management"?'],
  ['id: H29\n', 'id: H29\ncolour: red\n', 'node.yaml:2:1 colour: unknown key; known here: id, data, key, directory'],
  ['id: H29\n', 'id: H29\n__proto__: 1\n', 'node.yaml:2:1 __proto__: unknown key'],
  ['id: H29\n', 'id: H29\nid: H29\n', 'node.yaml:2:1: this key stands above already'],
  ['id: H29\n', 'id: [H29\n', 'node.yaml:2:1: not well-formed YAML'],
  ['id: H29\n', '', 'node.yaml:1:1 id: missing'],
  ['id: H29\n', 'id: 29.18\n', 'node.yaml:1:5 id: must be text; put a number in quotes'],
  ['id: H29\n', 'id: "../x"\n', 'node.yaml:1:5 id: must be a code'],
  ['id: H29\n', 'id: H99\n', 'node.yaml:1:5 id: the directory does not know H99'],
  ['data: data', `data: ${'x'.repeat(120)}`, 'node.yaml:2:7 data: path too long'],
  ['data: data', 'data: ""', 'node.yaml:2:7 data: must not be empty'],
  ['key: node.key', 'key: other.key', 'node.yaml:3:6 key: cannot read other.key (ENOENT)'],
  ['key: node.key', 'key: broker.password', 'node.yaml:3:6 key: broker.password is not an Ed25519 private key'],
  ['directory: directory.yaml', 'directory: none.yaml', 'node.yaml:4:12 directory: cannot read none.yaml (ENOENT)'],
  ['  user: h29\n', '  user: h29\n  ca: node.key\n', 'node.yaml:9:7 broker.ca: node.key holds no certificate'],
  ['  vhost: g22\n', '  vhost: g22\n  ca: no.pem\n', 'node.yaml:15:7 parent.ca: cannot read no.pem (ENOENT)'],
  ['amqp://127.0.0.1:5672', 'amqp://me:pw@127.0.0.1', 'node.yaml:6:8 broker.url: must not contain user or password'],
  ['amqp://127.0.0.1:5672', 'amqp://broker.example', 'node.yaml:6:8 broker.url: must be amqps://'],
  ['amqp://127.0.0.1:5672', 'amqp://127.0.0.1:5672/h29', 'node.yaml:6:8 broker.url: must be host and port only'],
  ['amqp://127.0.0.1:5672', 'http://127.0.0.1', 'node.yaml:6:8 broker.url: must be an address such as'],
  ['http://127.0.0.1:15672', 'http://10.0.0.1', 'node.yaml:10:15 broker.management: the management interface'],
  ['{ file: broker.password }', 'hunter2', 'node.yaml:9:13 broker.password: never write a secret here'],
  ['{ file: broker.password }', '{ value: hunter2 }', 'node.yaml:9:13 broker.password: must have exactly one of'],
  ['{ file: broker.password }', '{ file: a, env: B }', 'node.yaml:9:13 broker.password: must have exactly one of'],
  ['{ file: broker.password }', '{ file: nowhere }', 'node.yaml:9:13 broker.password: cannot read nowhere (ENOENT)'],
  ['{ env: PARENT_PASSWORD }', '{ env: UNSET }', 'node.yaml:15:13 parent.password: the variable UNSET is not set'],
  ['id: G22\n', 'id: H26\n', 'node.yaml:12:7 parent.id: by the directory the parent of this node is G22'],
  ['id: H29.18\n', 'id: H26\n', 'node.yaml:17:9 children[0].id: by the directory H26 is not a child'],
  ['[H29]', '[H29, H26]', 'node.yaml:22:26 systems[0].organisations[1]: by the directory this node does not serve H26'],
  ['[H29]', 'H29', 'node.yaml:22:20 systems[0].organisations: must be a list'],
]

const http = "http: { listen: '127.0.0.1:0' }\n"

/** Added at the end, on line 23. */
const additions: readonly (readonly [yaml: string, said: string])[] = [
  ['tableVersion: 0', 'node.yaml:23:15 tableVersion: must be a whole number from 1'],
  ['tableVersion: 1.5', 'node.yaml:23:15 tableVersion: must be a whole number from 1'],
  ['limits: { inFlight: 64MB }', 'node.yaml:23:21 limits.inFlight: must be a size such as 64MiB'],
  ['limits: { inFlight: 0 }', 'node.yaml:23:21 limits.inFlight: must be a size such as 64MiB'],
  ['limits: { inFlihgt: 1 }', 'node.yaml:23:11 limits.inFlihgt: unknown key, did you mean "inFlight"?'],
  ['custody: { firstQuery: 30 }', 'node.yaml:23:24 custody.firstQuery: must be a time such as 30s'],
  ['custody: { firstQuery: 2h }', 'node.yaml:23:24 custody.firstQuery: is more than custody.maxQuery'],
  ['rest: { ratePerMinute: 0 }', 'node.yaml:23:24 rest.ratePerMinute: must be a whole number from 1'],
  ['onReusedId: maybe', 'node.yaml:23:13 onReusedId: must be one of: refuse | warn'],
  ['log: { format: xml }', 'node.yaml:23:16 log.format: must be one of: json | console'],
  ['webhooks: { alow: [] }', 'node.yaml:23:13 webhooks.alow: unknown key, did you mean "allow"?'],
  ['webhooks: { allow: 10.0.0.0/8 }', 'node.yaml:23:20 webhooks.allow: must be a list'],
  [
    'webhooks: { allow: [10.0.0.0/8, "dms:8443"] }',
    'node.yaml:23:33 webhooks.allow[1]: write a network as CIDR, such as 10.0.0.0/8, or a host name',
  ],
  ['webhooks: { allow: [10.0.0.0/33] }', 'node.yaml:23:21 webhooks.allow[0]: write a network as CIDR'],
  [
    "http: { listen: '127.0.0.1:0', tls: { cert: node.key, key: node.key, clientCa: node.key } }",
    'node.yaml:23:80 http.tls.clientCa: node.key holds no certificate',
  ],
  [`${http}webhooks: { ca: none.pem }`, 'node.yaml:24:17 webhooks.ca: cannot read none.pem (ENOENT)'],
  [`${http}webhooks: { ca: node.key }`, 'node.yaml:24:17 webhooks.ca: node.key holds no certificate'],
  ['log: verbose', 'node.yaml:23:6 log: must have keys of its own'],
]

describe('node.yaml', () => {
  it('becomes what the relay takes, defaults filled and paths made absolute', async (t) => {
    const folder = nodeFolder(t)
    const checked = await read(folder)
    assert.ok(checked.ok)
    const { config, log } = checked.value
    assert.equal(config.dataDir, join(folder.dir, 'data'))
    assert.deepEqual(config.broker.address, {
      url: 'amqp://127.0.0.1:5672',
      vhost: 'h29',
      user: 'h29',
      password: 'broker secret',
    })
    assert.equal(config.parent?.address.user, 'H29', 'the account at the parent is the node itself')
    assert.equal(config.parent.address.password, 'from the environment')
    assert.deepEqual(config.systems, [{ id: 'dms', secret: 'system secret', organisations: ['H29'] }])
    assert.deepEqual(config.limits, {
      maxDocumentBytes: 2 * 1024 ** 3,
      inFlightBytes: 64 * 1024 ** 2,
      openAssemblies: 256,
      linkQueueBytes: 1024 ** 3,
      spoolBytes: 4 * 1024 ** 3,
    })
    assert.deepEqual(config.queryTiming, { firstMs: 30_000, maxMs: 3_600_000 })
    assert.equal(config.key.kid, 'H29#1')
    assert.equal(config.onReusedId, 'refuse')
    assert.deepEqual(log, { format: 'console', level: 'info' })
    assert.deepEqual(checked.warnings, [])
  })

  for (const [was, is, said] of refusals) {
    it(`says ${said}`, async (t) => {
      assert.ok(nodeYaml.includes(was))
      const lines = await problems(nodeFolder(t), nodeYaml.replace(was, is))
      assert.ok(
        lines.some((line) => line.startsWith(said)),
        lines.join('\n'),
      )
    })
  }

  for (const [yaml, said] of additions) {
    it(`says ${said}`, async (t) => {
      const lines = await problems(nodeFolder(t), `${nodeYaml}${yaml}\n`)
      assert.equal(lines.length, 1, lines.join('\n'))
      assert.ok(lines[0]?.startsWith(said), lines[0])
    })
  }

  it('gives a gateway its address and limits, and none to a node without http', async (t) => {
    const folder = nodeFolder(t)
    const without = await read(folder)
    folder.write('node.yaml', `${nodeYaml}http: { listen: "127.0.0.1:8080" }\nrest: { ratePerMinute: 60 }\n`)
    const withHttp = await read(folder)

    assert.ok(without.ok && withHttp.ok)
    assert.equal(without.value.http, null)
    assert.deepEqual(withHttp.value.http?.listen, { host: '127.0.0.1', port: 8080 })
    assert.deepEqual(withHttp.value.http.rest, { ratePerMinute: 60 })
    assert.deepEqual(withHttp.value.http.vxp, { ratePerMinute: 600 })
  })

  it('collects all problems of one reading', async (t) => {
    const spoiled = nodeYaml.replace('{ file: broker.password }', '{ env: NO_SUCH }').replace('node.key', 'no.key')
    const lines = await problems(nodeFolder(t), spoiled, {})
    assert.deepEqual(
      lines.map((line) => line.split(' ')[1]),
      ['key:', 'broker.password:', 'parent.password:'],
    )
  })

  it('never shows a secret written where none belongs', async (t) => {
    const lines = await problems(nodeFolder(t), nodeYaml.replace('{ file: broker.password }', 'hunter2'))
    assert.ok(!lines.join().includes('hunter2'))
  })

  it('reads earlier keys, also one the directory has forgotten, and refuses what is no key', async (t) => {
    const earlier = { name: 'earlier.key', pem: sealingKeyToPem(createSealingKey('H29', 7)) }
    const folder = nodeFolder(t)
    writeFileSync(join(folder.dir, earlier.name), earlier.pem, { mode: 0o600 })
    writeFileSync(join(folder.dir, 'node.yaml'), `${nodeYaml}earlierKeys: [earlier.key, node.key]\n`)
    const checked = await read(folder)
    writeFileSync(join(folder.dir, 'node.yaml'), `${nodeYaml}earlierKeys: [nowhere, broker.password]\n`)
    const spoiled = await read(folder)

    assert.ok(checked.ok)
    assert.deepEqual(
      checked.value.config.earlierKeys?.map(({ kid }) => kid),
      ['H29#7', 'H29#1'],
    )
    assert.equal(spoiled.ok, false)
    assert.equal(spoiled.problems.length, 2)
  })

  it('refuses a key the directory does not have for this node', async (t) => {
    const folder = nodeFolder(t)
    folder.write('node.key', sealingKeyToPem(createSealingKey('H29', 1)))
    assert.match((await problems(folder, nodeYaml)).join(), /3:6 key: the directory has no public part of node.key/)
  })

  it('refuses a key nobody would believe now, and warns of one that ends soon', async (t) => {
    const folder = nodeFolder(t)
    const key = createSealingKey('H29', 1)
    folder.write('node.key', sealingKeyToPem(key))
    const good = directoryYaml(key.kid, key.publicKey)
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const withKey = (fields: string) => good.replace('}] }', `, ${fields} }] }`)
    for (const [directory, said] of [
      [withKey('revokedAt: 2026-01-01'), /3:6 key: The key H29#1 has been revoked/],
      [withKey(`validTo: ${day(-2)}`), /3:6 key: The key H29#1 is outside its period of validity \(expired\)/],
      [withKey(`validFrom: ${day(2)}`), /3:6 key: The key H29#1 is outside its period of validity \(not valid yet\)/],
      [
        `${good}roots: [{ kid: H26#1, publicKey: '${key.publicKey}' }]\n`,
        /3:6 key: Nobody .* vouches for the key H29#1/,
      ],
    ] as const) {
      folder.write('directory.yaml', directory)
      assert.match((await problems(folder, nodeYaml)).join(), said)
    }
    folder.write('directory.yaml', withKey(`validTo: ${day(29)}`))
    const checked = await read(folder)
    assert.ok(checked.ok)
    const lines = checked.warnings.map((warning) => problemLine(warning, 'en'))
    assert.ok(
      lines.some((line) => line.includes(`3:6 key: the key H29#1 ends on ${day(29).slice(0, 10)}`)),
      lines.join(),
    )
  })

  it('warns of a secret everyone may read, and of a child that is not listed', async (t) => {
    const folder = nodeFolder(t)
    chmodSync(join(folder.dir, 'system.secret'), 0o644)
    folder.write('node.yaml', nodeYaml.replace(/children:\n.*\n.*\n/, ''))
    const checked = await read(folder)
    assert.ok(checked.ok)
    const lines = checked.warnings.map((warning) => problemLine(warning, 'en')).join('\n')
    assert.match(lines, /systems\[0\]\.secret: everyone on this machine can read system\.secret \(0644\)/)
    assert.match(lines, /children: the directory has the child H29\.18/)
  })

  it('tells the gateway where webhooks may go; nothing is told without HTTP', async (t) => {
    const folder = nodeFolder(t)
    const pem = readFileSync(new URL('../../test/fixtures/certificate.pem', import.meta.url), 'utf8')
    folder.write('authority.pem', `${pem}${pem}`)
    const page = fileURLToPath(new URL('../../docs/webhooks.md', import.meta.resolve('@lienthong/gateway')))
    const [, webhooks = ''] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync(page, 'utf8')) ?? []

    folder.write('node.yaml', `${nodeYaml}${http}${webhooks}`)
    const named = await read(folder)
    folder.write('node.yaml', `${nodeYaml}${http}`)
    const unnamed = await read(folder)
    folder.write('node.yaml', `${nodeYaml}${webhooks}`)
    const silent = await read(folder)
    folder.write('authority.pem', pem.replace(/MII.{40}/, 'MII'))
    const broken = await problems(folder, `${nodeYaml}${http}${webhooks}`)

    assert.ok(named.ok && unnamed.ok && silent.ok)
    assert.deepEqual(named.value.http?.webhooks, { allow: ['10.20.0.0/16', 'van-thu.noibo'], ca: `${pem}${pem}` })
    assert.deepEqual(unnamed.value.http?.webhooks, {})
    assert.equal(silent.value.http, null)
    assert.deepEqual(
      silent.warnings.map((warning) => problemLine(warning, 'vi')),
      ['node.yaml:25:3 webhooks: không có tác dụng khi thiếu http'],
    )
    assert.match(broken.join(), /27:7 webhooks\.ca: authority\.pem holds no certificate, or one that cannot be read/)
  })

  it('speaks Vietnamese too', async (t) => {
    const folder = nodeFolder(t)
    folder.write('node.yaml', nodeYaml.replace('management: http', 'managment: http'))
    const checked = await read(folder)
    assert.ok(!checked.ok)
    const lines = checked.problems.map((problem) => problemLine(problem, 'vi'))
    assert.ok(lines.includes('node.yaml:10:3 broker.managment: khóa lạ, có phải ý bạn là "management"?'), lines.join())
  })

  it('refuses aliases that multiply without end', async (t) => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (let level = 0; level < 9; level += 1) {
      const name = String.fromCharCode(98 + level)
      const inner = String.fromCharCode(97 + level)
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${inner}`).join(',')}]`)
    }
    const lines = await problems(nodeFolder(t), `${bomb.join('\n')}\n`)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^node\.yaml:1:1: not well-formed YAML/)
  })
})
