/** Alerts: what node.yaml says of them, what is looked at, and a node in trouble that writes mail. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { AlertObservation } from '@lienthong/core'
import { createSealingKey, sealingKeyToPem } from '@lienthong/link'
import type { NodeHealth } from '@lienthong/relay'
import { headerOf, openMailSink, textOf, waitFor } from '@lienthong/test/kit'
import { alertObservations } from '../src/alerts/observations.ts'
import { readNodeFile } from '../src/config/node-file.ts'
import { problemLine } from '../src/config/problem.ts'
import { nodeEnv, nodeFolder, nodeYaml, temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'
import { at, day, down, sampleHealth, up } from './support/sample-health.ts'

const program = fileURLToPath(new URL('../src/main.js', import.meta.url))
const hookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** Alerts by mail with one thing changed, or added. */
function mail(part: string): string {
  const parts = new Map([
    ['smtp', "smtp: 'smtp://127.0.0.1:25'"],
    ['from', 'from: a@b.example'],
    ['to', 'to: [c@d.example]'],
  ])
  parts.set(part.split(':')[0] ?? '', part)
  return `alerts: { mail: { ${[...parts.values()].join(', ')} } }`
}

describe('alerts in node.yaml', () => {
  const refusals: readonly (readonly [yaml: string, said: string])[] = [
    ['alerts: {}', 'alerts: has neither mail nor webhook'],
    ['alerts: { every: 5 }', 'alerts.every: must be a time such as 30s'],
    [mail('smtp: http://x'), 'alerts.mail.smtp: must be an address such as smtps://host:465'],
    [mail('smtp: smtp://x/y'), 'alerts.mail.smtp: must be an address such as smtps://host:465'],
    [mail("smtp: 'smtps://u:p@x'"), 'alerts.mail.smtp: must not contain user or password'],
    [mail('user: me'), 'alerts.mail.user: user and password go together'],
    [mail('password: { file: system.secret }'), 'alerts.mail.password: user and password go together'],
    [mail('password: hunter2'), 'alerts.mail.password: never write a secret here'],
    [mail('from: "a@b.example\\r\\nBcc: c@d.example"'), 'alerts.mail.from: must be one address'],
    [mail('from: "A\\r\\nBcc: x <a@b.example>"'), 'alerts.mail.from: must be one address'],
    [mail('to: ["a@b.example, c@d.example"]'), 'alerts.mail.to[0]: must be one address'],
    [mail('to: []'), 'alerts.mail.to: '],
    [mail('ca: node.key'), 'alerts.mail.ca: node.key holds no certificate'],
    [
      "alerts: { webhook: { url: 'http://chat.example/', secret: { file: hook } } }",
      'alerts.webhook.url: must be https',
    ],
    ["alerts: { webhook: { url: 'https://chat.example', secret: { file: system.secret } } }", 'must be whsec_ and 24'],
  ]
  for (const [yaml, said] of refusals) {
    it(`says ${said} of ${yaml}`, async (t) => {
      const folder = nodeFolder(t)
      folder.write('hook', hookSecret)
      folder.write('node.yaml', `${nodeYaml}${yaml}\n`)
      const checked = await readNodeFile({ file: 'node.yaml', workingDir: folder.dir, env: nodeEnv })
      const lines = checked.ok ? [] : checked.problems.map((problem) => problemLine(problem, 'en'))
      assert.ok(
        lines.some((line) => line.includes(said)),
        lines.join('\n'),
      )
    })
  }

  it('become ways to people, and are shown without secrets', async (t) => {
    const folder = nodeFolder(t)
    folder.write('hook', hookSecret)
    folder.write(
      'node.yaml',
      `${nodeYaml}alerts:
  mail: { smtp: 'smtps://mail.example', from: 'Nút H29 <h29@b.example>', to: [c@d.example], user: u, password: { file: system.secret } }
  webhook: { url: 'http://127.0.0.1:9/x?token=hush', secret: { file: hook } }
  remindAfter: 12h
`,
    )
    const checked = await readNodeFile({ file: 'node.yaml', workingDir: folder.dir, env: nodeEnv })
    const shown = await callProgram(['node', 'check-config', 'node.yaml', '-o', 'json'], {
      cwd: folder.dir,
      env: nodeEnv,
    })

    assert.ok(checked.ok)
    assert.deepEqual(checked.value.alerts, {
      ways: {
        mail: {
          smtp: 'smtps://mail.example',
          from: 'Nút H29 <h29@b.example>',
          to: ['c@d.example'],
          login: { user: 'u', password: 'system secret' },
          ca: null,
        },
        webhook: { url: 'http://127.0.0.1:9/x?token=hush', secret: hookSecret, ca: null },
      },
      everyMs: 60_000,
      remindAfterMs: 43_200_000,
      language: 'vi',
    })
    assert.equal(shown.exit, 0, shown.stderr)
    assert.equal(JSON.parse(shown.stdout).settings.alerts.ways.webhook.url, 'http://127.0.0.1:9')
    for (const secret of ['system secret', hookSecret, 'hush']) assert.ok(!shown.stdout.includes(secret), secret)
  })
})

const healthy: NodeHealth = {
  ...sampleHealth,
  certificates: [
    { name: 'H29.02 abcd', endsAt: at - day },
    { name: 'H29.02 efab', endsAt: at + 300 * day },
    { name: 'H29.03 abcd', endsAt: null },
  ],
}

/** What is not good: `disk /data 2 3.5`. */
function bad(change: Partial<NodeHealth>, more: Partial<Parameters<typeof alertObservations>[0]> = {}): string[] {
  const { seen } = alertObservations({ health: { ...healthy, ...change }, tls: [], ...more })
  const said = ({ kind, about, grade, value, notes }: AlertObservation) =>
    [kind, about || '-', grade ?? '?', value ?? '-', ...notes].join(' ')
  return seen.filter(({ grade }) => grade !== 0).map(said)
}

describe('what alerts look at', () => {
  const since = at - 400_000
  const cases: readonly (readonly [what: string, change: Partial<NodeHealth>, said: readonly string[]])[] = [
    ['a node that is well', {}, []],
    [
      'a broker that is away: whom it would hear is not known',
      {
        broker: { open: false, blocked: null, lastError: 'ECONNREFUSED' },
        links: [up, { ...down, phase: 'closed', since }],
      },
      ['broker - 2 - ECONNREFUSED', 'link H29.18 ? -'],
    ],
    [
      'a broker that reads no more',
      { broker: { open: true, blocked: 'memory', lastError: null } },
      ['broker - 2 - memory'],
    ],
    [
      'links: stalled for long, just closed, never heard',
      {
        links: [
          { ...up, phase: 'stalled', reasons: ['canary-missing'], since },
          { ...down, phase: 'closed', reasons: ['silent'], since: at - 90_000 },
          { ...down, neighbour: 'H29.19', phase: 'closed', reasons: ['never-heard'], since: null },
        ],
      },
      ['link G22 2 400 canary-missing', 'link H29.18 1 90 silent', 'link H29.19 ? -'],
    ],
    [
      'an old document, and dead letters',
      { oldestDocumentAt: at - 700_000, deadLetters: 3 },
      ['queue - 1 700', 'dead - 1 3'],
    ],
    ['a disk that fills', { disk: { path: '/data', freeBytes: 4, totalBytes: 100 } }, ['disk /data 2 4']],
    ['a disk nobody knows of', { disk: null }, ['disk - ? -']],
    ['a key at 59 days', { keys: [{ name: 'K', endsAt: at + 59.5 * day, inUse: true }] }, ['key K 1 59']],
    ['a key at 13 days', { keys: [{ name: 'K', endsAt: at + 13.5 * day, inUse: true }] }, ['key K 2 13']],
    ['a key at 2 days', { keys: [{ name: 'K', endsAt: at + 2.5 * day, inUse: true }] }, ['key K 3 2']],
    ['a key that has ended', { keys: [{ name: 'K', endsAt: at - 9 * day, inUse: true }] }, ['key K 3 0']],
    [
      "an organisation's last certificate",
      { certificates: healthy.certificates.slice(0, 1) },
      ['certificate H29.02 abcd 3 0'],
    ],
    ["a table older than the parent's", { tableVersion: 2 }, ['drift G22 1 2']],
    ['a parent that has said nothing', { links: [{ ...up, peer: null }] }, ['drift G22 ? -']],
  ]
  for (const [what, change, said] of cases) {
    it(`is ${what}`, () => {
      const days = /^((?:key|certificate) .*) \d{4}-\d\d-\d\d$/
      assert.deepEqual(
        bad(change).map((line) => line.replace(days, '$1')),
        said,
      )
    })
  }

  it('is TLS certificates too, and those that cannot be seen are not known', () => {
    const tls = [
      { name: 'http.tls.cert', ending: { name: 'http.tls.cert', endsAt: at + 10.5 * day } },
      { name: 'amqps://x', ending: null },
    ]
    assert.deepEqual(
      bad({}, { tls }).map((line) => line.slice(0, 30)),
      ['certificate http.tls.cert 2 10', 'certificate amqps://x ? -'],
    )
  })

  it('is, where the directory lives, whether neighbours have the same, and no table version', () => {
    const links = [up, ...['H29.18', 'H29.19', 'H29.20', 'H29.21'].map((neighbour) => ({ ...down, neighbour }))]
    const steps = [
      { node: 'H29.18', differsSince: at - 2_000_000 },
      { node: 'H29.19', differsSince: at - 60_000 },
      { node: 'H29.20', differsSince: null },
    ]
    assert.deepEqual(bad({ tableVersion: 2, links, directories: [...steps, { node: 'G22', differsSince: at }] }), [
      'directory H29.18 1 2000',
      'directory H29.21 ? -',
    ])
    const behind = { node: 'G22', differsSince: at - 2_000_000 }
    assert.deepEqual(bad({ links: [up], directories: [behind] }), ['directory G22 1 2000'])
    assert.deepEqual(bad({ links: [up], directories: [] }), ['directory G22 ? -'])
  })
})

/** A folder for a node alone, whose key ends in ten days, and whose mail goes to this port. */
function nodeInTrouble(t: TestContext, port: number): string {
  const dir = temporaryFolder(t)
  const write = (name: string, content: string) => writeFileSync(join(dir, name), content, { mode: 0o600 })
  const key = createSealingKey('H29', 1)
  const validTo = new Date(Date.now() + 10.5 * day).toISOString().slice(0, 19)
  write('node.key', sealingKeyToPem(key))
  write(
    'directory.yaml',
    `version: 1
nodes:
  - { id: H29, tier: any, parent: null, keys: [{ kid: '${key.kid}', publicKey: '${key.publicKey}', validTo: '${validTo}Z' }] }
organisations:
  - { id: H29, name: Tỉnh, parent: null, node: H29 }
`,
  )
  write('password', 'letmein')
  // Port 1 answers nobody.
  write(
    'node.yaml',
    `id: H29
data: data
key: node.key
directory: directory.yaml
broker: { url: 'amqp://127.0.0.1:1', vhost: v, user: u, password: { file: password }, management: 'http://127.0.0.1:1' }
alerts:
  mail: { smtp: 'smtp://127.0.0.1:${port}', from: h29@b.example, to: [c@d.example] }
  every: 50ms
  language: en
`,
  )
  return dir
}

function startNode(t: TestContext, dir: string) {
  const node = spawn(process.execPath, [program, 'node', 'run'], { cwd: dir, stdio: 'ignore' })
  const ended = new Promise((resolve) => node.once('close', resolve))
  t.after(() => node.kill('SIGKILL'))
  return { node, ended }
}

describe('a node in trouble', () => {
  it('writes mail, says what stands and waits, and tries its ways also when it does not run', async (t) => {
    const sink = await openMailSink(t)
    const dir = nodeInTrouble(t, sink.port)
    const call = (...words: string[]) => callProgram(words, { cwd: dir })
    const { node, ended } = startNode(t, dir)

    await waitFor(() => sink.mails.length > 0, { what: 'a mail', deadlineMs: 60_000 })
    const [first = assert.fail()] = sink.mails
    assert.match(
      headerOf(first, 'subject'),
      /^Liên Thông H29: critical – The key H29#1 ends in 10 days \(\d{4}-\d\d-\d\d\)$/,
    )
    assert.match(textOf(first), /Replace it with lienthong key rotate/)
    // What was told is noted after it was: the list may be a moment behind.
    const lines = [/^broker +watched, not told yet /m, /^key +H29#1 +told +\d{4}/m, /^mail: +nothing waits$/m]
    await waitFor(
      async () => {
        const { stdout } = await call('alert', 'list', '--lang', 'en')
        return lines.every((line) => line.test(stdout))
      },
      { what: 'the list to say so', deadlineMs: 60_000 },
    )
    node.kill('SIGTERM')
    assert.equal(await ended, 0)

    assert.equal((await call('alert', 'test')).exit, 0)
    assert.equal(headerOf(sink.mails.at(-1) ?? assert.fail(), 'subject'), 'Liên Thông H29: a test')
    sink.refuse = () => ({ code: 554, text: 'we do not like it' })
    const refused = await call('alert', 'test', '--lang', 'en')
    assert.equal(refused.exit, 5)
    assert.match(refused.stdout, /^mail: .*554 we do not like it/m)
  })
  it('writes after a sudden end what it could not write before, and once', async (t) => {
    const sink = await openMailSink(t)
    const dir = nodeInTrouble(t, sink.port)
    let refused = ''
    sink.refuse = (mail) => {
      refused = headerOf(mail, 'message-id')
      return { code: 451, text: 'later' }
    }
    const before = startNode(t, dir)
    await waitFor(() => refused !== '', { what: 'a refused mail', deadlineMs: 60_000 })
    before.node.kill('SIGKILL')
    await before.ended
    sink.refuse = () => null

    const { node, ended } = startNode(t, dir)
    await waitFor(() => sink.mails.length > 0, { what: 'the mail', deadlineMs: 60_000 })
    node.kill('SIGTERM')
    await ended

    assert.deepEqual(
      sink.mails.map((mail) => headerOf(mail, 'message-id')),
      [refused],
    )
  })
})
