/** The program against a real node, store and relay. No broker: what stays inside one node needs none. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { samplePacket } from '@lienthong/edxml'
import { createSealingKey, sealingKeyToPem } from '@lienthong/link'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

const program = fileURLToPath(new URL('../src/main.js', import.meta.url))

async function packet(
  number: string,
  to: string,
  subject = 'Về việc thử nghiệm',
  attachmentBytes = 3_000,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of samplePacket({
    from: { organId: 'H29', organName: 'Sở' },
    to: [{ organId: to, organName: 'Nơi nhận' }],
    number,
    subject,
    attachmentBytes,
  })) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

describe('a node without its broker', () => {
  const teardown: (() => unknown)[] = []
  let dir = ''

  before(async () => {
    dir = temporaryFolder({ after: (step) => void teardown.push(step as () => unknown) })
    const write = (name: string, content: string) => writeFileSync(join(dir, name), content, { mode: 0o600 })
    const key = createSealingKey('H29', 1)
    write('node.key', sealingKeyToPem(key))
    write(
      'directory.yaml',
      `version: 1
nodes:
  - { id: H29, tier: any, parent: null, keys: [{ kid: '${key.kid}', publicKey: '${key.publicKey}' }] }
organisations:
  - { id: H29, name: Tỉnh, parent: null, node: H29 }
  - { id: H29.02, name: Sở, parent: H29, node: H29 }
`,
    )
    write('password', 'x')
    // Port 1 answers nobody.
    write(
      'node.yaml',
      `id: H29
data: data
key: node.key
directory: directory.yaml
broker: { url: 'amqp://127.0.0.1:1', vhost: v, user: u, password: { file: password }, management: 'http://127.0.0.1:1' }
systems:
  - { id: dms, secret: { file: password }, organisations: [H29, H29.02] }
log: { format: json }
`,
    )
    const child = spawn(process.execPath, [program, 'node', 'run'], { cwd: dir, stdio: 'ignore' })
    const ended = new Promise((resolve) => child.once('close', resolve))
    teardown.unshift(async () => {
      child.kill('SIGTERM')
      assert.equal(await ended, 0)
    })
    await until(() => existsSync(join(dir, 'data/control.sock')))
  })

  after(async () => {
    for (const step of teardown) await step()
  })

  const call = (words: readonly string[], env = {}) => callProgram(words, { cwd: dir, env })
  const json = async (words: readonly string[]) => {
    const { exit, stdout, stderr } = await call([...words, '-o', 'json'])
    assert.equal(exit, 0, stderr)
    return JSON.parse(stdout)
  }

  it('takes a document, delivers it, hands it out and knows the outcome', async () => {
    const bytes = await packet('12/SNV-VP', 'H29.02')
    writeFileSync(join(dir, 'out.edxml'), bytes)
    const { uid, recipients } = await json(['submit', 'out.edxml', '--as', 'H29'])
    assert.deepEqual(recipients, [{ organ: 'H29.02', outcome: 'new' }])
    assert.deepEqual((await json(['submit', 'out.edxml', '--as', 'H29'])).recipients, [
      { organ: 'H29.02', outcome: 'already' },
    ])

    let items: { id: number; uid: string }[] = []
    await until(async () => {
      items = (await json(['mailbox', 'list', '--as', 'H29.02'])).items
      return items.length > 0
    })
    assert.deepEqual(
      items.map((item) => item.uid),
      [uid],
    )
    const id = String(items[0]?.id)
    await json(['mailbox', 'read', id, '--as', 'H29.02', '--out', 'in.edxml'])
    assert.ok(readFileSync(join(dir, 'in.edxml')).equals(bytes))
    await json(['mailbox', 'ack', id, '--as', 'H29.02'])
    assert.deepEqual((await json(['mailbox', 'list', '--as', 'H29.02'])).items, [])
    assert.equal((await json(['mailbox', 'list', '--as', 'H29.02', '--all'])).items.length, 1)

    await until(async () => (await json(['track', uid])).documents[0].recipients[0].state === 'collected')
    assert.equal((await json(['track', '--number', '12/SNV-VP'])).documents[0].uid, uid)
    const text = await call(['track', '--number', '12/SNV-VP', '--lang', 'vi'])
    assert.match(text.stdout, /H29\.02\s+đã nhận/)
    const table = await call(['mailbox', 'list', '--as', 'H29.02', '--all'])
    assert.match(table.stdout, /12\/SNV-VP.*Về việc thử nghiệm/)
  })

  it('says what is wrong with a document by code', async () => {
    writeFileSync(join(dir, 'bad.edxml'), 'not XML at all')
    writeFileSync(join(dir, 'unknown.edxml'), await packet('13/SNV-VP', 'Z99.99'))
    writeFileSync(join(dir, 'own.edxml'), await packet('14/SNV-VP', 'H29.02'))
    for (const [words, code] of [
      [['submit', 'bad.edxml', '--as', 'H29'], 'NOT_EDXML'],
      [['submit', 'unknown.edxml', '--as', 'H29'], 'RECEIVER_UNKNOWN'],
      [['submit', 'own.edxml', '--as', 'H29.02'], 'SENDER_NOT_ALLOWED'],
      [['submit', 'own.edxml', '--as', 'H26'], 'SENDER_NOT_ALLOWED'],
      [['submit', 'own.edxml', '--as', 'H29', '--to', 'Z99'], 'RECEIVER_UNKNOWN'],
    ] as const) {
      const { exit, stderr } = await call(words)
      assert.equal(exit, 3, `${words.join(' ')}: ${stderr}`)
      assert.ok(stderr.endsWith(`[${code}]\n`), stderr)
    }
    for (const words of [
      ['mailbox', 'read', '999', '--as', 'H29', '--out', '-'],
      ['mailbox', 'ack', '999', '--as', 'H29'],
      ['track', 'nowhere'],
    ]) {
      assert.equal((await call(words)).exit, 4)
    }
  })

  it('refuses a document marked as a state secret, and keeps nothing of it', async () => {
    const subject = 'Kế hoạch không ai được biết'
    for (const attachmentBytes of [2_000, 3_000_000]) {
      const plain = (await packet('15/SNV-VP', 'H29.02', subject, attachmentBytes)).toString('utf8')
      const marked = plain.replace('>Công văn</', '>Tối\u00a0 mật</')
      assert.notEqual(marked, plain)
      writeFileSync(join(dir, 'secret.edxml'), marked)

      const { exit, stderr } = await call(['submit', 'secret.edxml', '--as', 'H29', '--lang', 'vi'])

      assert.equal(exit, 3, stderr)
      assert.match(stderr, /"TỐI MẬT" tại MessageHeader\/DocumentType\/TypeName.*bí mật nhà nước/)
      assert.ok(stderr.endsWith('[DOCUMENT_SECRET]\n'), stderr)
    }
    assert.equal((await call(['track', '--number', '15/SNV-VP'])).exit, 4)
    const files = readdirSync(join(dir, 'data'), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    )
    assert.deepEqual(
      files.filter(({ parentPath }) => /(payloads|incoming)/.test(parentPath)).map(({ name }) => name),
      [],
    )
    for (const { parentPath, name } of files) {
      assert.equal(readFileSync(join(parentPath, name)).includes(subject), false, name)
    }
  })

  it('takes a document whose subject speaks of secrecy', async () => {
    writeFileSync(join(dir, 'open.edxml'), await packet('16/SNV-VP', 'H29.02', 'Bảo mật; MẬT; công tác bảo vệ bí mật'))
    await json(['submit', 'open.edxml', '--as', 'H29'])
  })

  it('tells how it is doing, and where a document would go', async () => {
    const status = await json(['status'])
    assert.equal(status.id, 'H29')
    assert.equal(status.broker.open, false)
    const { stdout } = await call(['status'])
    assert.match(stdout, /Broker:\s+not connected/)
    const { hops } = await json(['routes', 'explain', 'H29', 'H29.02'])
    assert.deepEqual(
      hops.map(({ hop }: { hop: string }) => hop),
      ['mailbox'],
    )
  })
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
