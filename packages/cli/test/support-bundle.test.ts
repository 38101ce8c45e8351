/** The support bundle: what helps is in it, with the node or its broker down as well; and nothing that is secret. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { NodeHealth } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { createRedactor } from '../src/support/redact.ts'
import { nodeDouble } from './support/node-double.ts'
import { type NodeFolder, nodeFolder, nodeYaml } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

/** Each stands for itself, so that one found says where it came from. */
const planted = {
  brokerPassword: 'kho-hang-doi-7361',
  parentPassword: 'Tren cung @ 40/Q',
  childPassword: 'con-thu-nhat-88',
  systemSecret: 'a"b\\c=d&e 5127',
  inlinePassword: 'viet-thang-vao-day-1',
  mistypedPassword: 'go-sai-ten-khoa-2',
  urlPassword: 'trong-dia-chi-3',
  unknownKey: 'khong-ai-biet-4',
  hookPath: 'T0B1-hook-path-5',
  apiKey: `lt_dms_${'0123456789abcdef'.repeat(2)}01234567`,
  webhookSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  bearer: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.abc-DEF_123',
  loose: 'q8ZrT2vWc1LmN4xYb7KdP0sHgJ3fA6eU',
  subject: 'Kế hoạch điều động cán bộ',
  packet: 'Noi-dung-van-ban-mat-6',
  queueMessage: 'tin-nhan-trong-hang-doi-7',
} as const

const health: NodeHealth = {
  id: 'H29',
  tier: 'tỉnh',
  instance: 'i',
  tableVersion: 12,
  directoryVersion: 34,
  broker: { open: false, blocked: null, lastError: `amqp://h29:${planted.brokerPassword}@127.0.0.1 ECONNREFUSED` },
  link: null,
  backlog: { documents: 2, copies: 3 },
  openAssemblies: 0,
  at: 1_750_000_000_000,
  links: [],
  oldestDocumentAt: null,
  waiting: { document: 41, status: 0 },
  deadLetters: 5,
  databaseBytes: 1,
  disk: { path: '/d', freeBytes: 50, totalBytes: 100 },
  keys: [{ name: 'H29#1', endsAt: null, inUse: true }],
  certificates: [],
  handover: 0,
  directories: null,
}

const detail = {
  reason: `login with ${planted.parentPassword} refused, password=${planted.childPassword}`,
  subject: planted.subject,
  header: `Authorization: Bearer ${planted.bearer}`,
  basic: `Basic ${Buffer.from(`h29:${planted.brokerPassword}`).toString('base64')}`,
  key: planted.apiKey,
  hook: planted.webhookSecret,
  said: { random: planted.loose, body: planted.packet, quoted: planted.systemSecret },
  url: `https://x.example/?s=${encodeURIComponent(planted.parentPassword)}`,
}

function logOf(pem: string): string {
  const entry = { time: '2026-07-01T00:00:00.000Z', level: 'warn', message: 'link stalled', node: 'H29', uid: 'ab12' }
  return [
    JSON.stringify({ ...entry, detail, extra: planted.packet }),
    `Nov 26 02:05:56 h29 lienthong[7]: ${JSON.stringify(entry)}`,
    `2026-07-01T00:00:01.000Z WARN  link stalled node=H29 ${JSON.stringify(detail)}`,
    `2026-07-01T00:00:02.000Z INFO  token=${planted.loose} ${planted.brokerPassword}`,
    `<edXML:Envelope>${planted.packet}</edXML:Envelope>`,
    `2026-07-01T00:00:03.000Z ERROR broken <edXML:Body>${planted.packet}`,
    ...pem.split('\n'),
    planted.inlinePassword,
  ].join('\n')
}

/** A management interface that says more than it is asked for. */
async function management(t: TestContext): Promise<string> {
  const server = createServer(({ url }, response) => {
    const queue = { name: 'lt.up.bulk', messages_ready: 17, message_bytes: 900, consumers: 1, state: 'running' }
    const more = { last_message: planted.queueMessage, arguments: { secret: planted.queueMessage } }
    response.end(
      JSON.stringify(url === '/api/queues/h29' ? [{ ...queue, ...more }] : { rabbitmq_version: '4.0.5', ...more }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function bundle(folder: NodeFolder, ...words: string[]) {
  const env = { PARENT_PASSWORD: planted.parentPassword }
  const said = await callProgram(
    ['support', 'bundle', '--config', 'node.yaml', '--out', 'out.tar.gz', '--log', 'node.log', ...words],
    { cwd: folder.dir, env },
  )
  assert.equal(said.exit, 0, said.stderr)
  assert.equal(statSync(join(folder.dir, 'out.tar.gz')).mode & 0o777, 0o600)
  const into = join(folder.dir, 'unpacked')
  mkdirSync(into)
  execFileSync('tar', ['-xzf', join(folder.dir, 'out.tar.gz'), '-C', into])
  const names = readdirSync(join(into, 'lienthong-support')).sort()
  const files = Object.fromEntries(
    names.map((name) => [name, readFileSync(join(into, 'lienthong-support', name), 'utf8')]),
  )
  return { said, files }
}

function spoiltFolder(t: TestContext, yaml: string): NodeFolder {
  const folder = nodeFolder(t)
  folder.write('broker.password', `${planted.brokerPassword}\n`)
  folder.write('child.password', planted.childPassword)
  folder.write('system.secret', planted.systemSecret)
  folder.write('hook.secret', planted.webhookSecret)
  folder.write('node.yaml', yaml)
  folder.write('node.log', logOf(readFileSync(join(folder.dir, 'node.key'), 'utf8')))
  return folder
}

function assertClean(folder: NodeFolder, files: Readonly<Record<string, string>>, said: string): void {
  const pem = readFileSync(join(folder.dir, 'node.key'), 'utf8')
  const key = pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'))
  assert.ok(key.length > 0)
  const secrets = Object.entries({ ...planted, ...Object.fromEntries(key.map((line) => ['sealingKey', line])) })
  for (const [name, text] of [...Object.entries(files), ['what was said', said] as const]) {
    for (const [secret, value] of secrets) {
      const bytes = Buffer.from(value)
      const dresses = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]
      for (const dress of [...dresses, bytes.toString('base64'), bytes.toString('hex')]) {
        assert.ok(!text.includes(dress.replace(/=+$/, '')), `${secret} in ${name}:\n${text}`)
      }
    }
  }
}

describe('a support bundle', () => {
  it('of a running node says how it does, and no secret wherever one was planted', async (t) => {
    const yaml = nodeYaml.replace('http://127.0.0.1:15672', await management(t)).replace('5672', '1')
    const folder = spoiltFolder(
      t,
      `${yaml.replace('centre.example', '127.0.0.1').replace('5671', '1')}alerts:
  webhook: { url: 'https://hooks.example/${planted.hookPath}', secret: { file: hook.secret } }
`,
    )
    const server = await openControlServer(
      nodeDouble({ health: async () => health }),
      join(folder.dir, 'data/control.sock'),
    )
    t.after(() => server.close({ timeoutMs: 0 }))

    const { said, files } = await bundle(folder)

    assert.deepEqual(Object.keys(files), [
      'broker.json',
      'checks.json',
      'doctor.json',
      'log-1.txt',
      'node.yaml',
      'status.json',
      'versions.json',
    ])
    for (const name of Object.keys(files)) assert.ok(said.stdout.includes(`lienthong-support/${name}`), said.stdout)
    assertClean(folder, files, said.stdout + said.stderr)
    const json = (name: string) => JSON.parse(files[name] ?? '')
    assert.deepEqual(json('broker.json').queues[0], {
      name: 'lt.up.bulk',
      ready: 17,
      unacknowledged: null,
      bytes: 900,
      consumers: 1,
      state: 'running',
    })
    assert.deepEqual([json('broker.json').version, json('broker.json').missing], ['4.0.5', null])
    assert.deepEqual([json('versions.json').table, json('versions.json').directory], [12, 34])
    assert.deepEqual([json('status.json').waiting.document, json('status.json').deadLetters], [41, 5])
    assert.deepEqual(
      json('checks.json').map(({ check }: { check: string }) => check),
      ['link', 'queue', 'cert', 'disk', 'peer'],
    )
    assert.equal(json('doctor.json')[0].id, 'brokerAway')
    assert.match(files['node.yaml'] ?? '', /vhost: h29\n[\s\S]*file: broker\.password\n[\s\S]*env: PARENT_PASSWORD/)
    assert.match(files['node.yaml'] ?? '', /https:\/\/hooks\.example\/\[redacted\]/)
    assert.match(files['log-1.txt'] ?? '', /lines left out[\s\S]*link stalled[\s\S]*link stalled/)
  })

  it('of a node that is down, with a node.yaml full of mistakes, keeps what helps and hides what does not', async (t) => {
    const yaml = nodeYaml
      .replace('{ file: broker.password }', planted.inlinePassword)
      .replace('{ file: child.password }', `{ fil: ${planted.mistypedPassword} }`)
      .replace('amqp://127.0.0.1', `amqp://h29:${planted.urlPassword}@127.0.0.1`)
      .replace('vhost: h29', `vhots: ${planted.unknownKey}`)
      .replace('{ file: system.secret }', `{ file: '${planted.loose}' }`)
    const folder = spoiltFolder(t, `${yaml}# ${planted.apiKey}\n`)

    const { said, files } = await bundle(folder, '-o', 'json')

    assertClean(folder, files, said.stdout)
    assert.ok(JSON.parse(said.stdout).items.length > 0)
    assert.equal(files['broker.json'], undefined)
    assert.match(files['doctor.json'] ?? '', /"config"[\s\S]*broker\.vhost/)
    assert.match(files['status.json'] ?? '', /NODE_NOT_RUNNING/)
    assert.match(files['node.yaml'] ?? '', /vhots: "\[redacted\]"/)
  })

  it('of a node.yaml that is no YAML shows its keys, line for line', async (t) => {
    const folder = spoiltFolder(t, `${nodeYaml}  wrong: [${planted.inlinePassword}\nhunter: ${planted.loose}\n`)

    const { files, said } = await bundle(folder, '--lines', '3')

    assertClean(folder, files, said.stdout)
    assert.match(files['node.yaml'] ?? '', /^id: \[redacted\]\n[\s\S]*\n {2}vhost: \[redacted\]\n/)
    assert.equal(files['log-1.txt'], '[3 lines left out: not of this log]\n')
  })

  it('is not begun without its log, or to standard output', async (t) => {
    const { dir: cwd } = nodeFolder(t)
    const words = ['support', 'bundle', '--config', 'node.yaml']
    const env = { PARENT_PASSWORD: 'x' }
    const missing = await callProgram([...words, '--out', 'o.tar.gz', '--log', 'no.log'], { cwd, env })
    assert.deepEqual([missing.exit, missing.stdout], [3, ''])
    assert.equal((await callProgram([...words, '--out', '-'], { cwd, env })).exit, 2)
    assert.ok(!readdirSync(cwd).includes('o.tar.gz'))
  })
})

describe('what hides secrets', () => {
  it('leaves what helps', () => {
    const { text, value } = createRedactor(['pw'])
    for (const plain of [
      'amqps://centre.example:5671',
      '/var/lib/lienthong/H29/control.sock',
      'H29#1',
      'uid 0197f5c2a0b84c1e8d3f6a7b9c0d1e2f',
      'pwd of nobody',
      '2026-07-01T00:00:00.000Z',
    ]) {
      assert.equal(text(plain), plain)
    }
    assert.equal(text('pw: it is pw'), '[redacted]: it is [redacted]')
    assert.deepEqual(value({ waiting: { document: 3 }, document: 'x', n: 1 }), {
      waiting: { document: 3 },
      document: '[redacted]',
      n: 1,
    })
  })
})
