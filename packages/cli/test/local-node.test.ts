/** The program against a real node, store and relay. No broker: what stays inside one node needs none. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ResponseFor, samplePacket, writeStatus } from '@lienthong/edxml'
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
  let log = ''

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
  - { id: H29.01, name: Sở cũ, parent: H29, node: H29, validTo: 2025-06-30, successors: [H29.02] }
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
http: { listen: '127.0.0.1:0' }
log: { format: json }
`,
    )
    const child = spawn(process.execPath, [program, 'node', 'run'], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
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

  it('says of a code that has closed who got the document in its place', async () => {
    writeFileSync(join(dir, 'closed.edxml'), await packet('11/SNV-VP', 'H29.01'))
    const { uid } = await json(['submit', 'closed.edxml', '--as', 'H29'])
    const recipient = async () => (await json(['track', uid])).documents[0].recipients[0]
    await until(async () => (await recipient()).state === 'delivered')
    const { organ, closed } = await recipient()
    assert.deepEqual([organ, closed], ['H29.02', [{ code: 'H29.01', validTo: '2025-06-30', successors: ['H29.02'] }]])
    for (const [lang, said] of [
      ['en', '- Addressed to H29.01, closed after 2025-06-30: delivered to its successor H29.02.'],
      ['vi', '- Gửi tới H29.01, đã kết thúc hoạt động sau ngày 2025-06-30: đã tới cơ quan kế thừa H29.02.'],
    ] as const) {
      assert.ok((await call(['track', uid, '--lang', lang])).stdout.includes(said))
    }
    const [{ id }] = (await json(['mailbox', 'list', '--as', 'H29.02'])).items
    await json(['mailbox', 'ack', String(id), '--as', 'H29.02'])
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

  it('recalls a document: out of the mailbox, or by asking whoever has it', async () => {
    const send = async (number: string) => {
      writeFileSync(join(dir, 'sent.edxml'), await packet(number, 'H29.02'))
      return (await json(['submit', 'sent.edxml', '--as', 'H29'])).uid as string
    }
    const waiting = async (uid: string) => {
      const { items } = await json(['mailbox', 'list', '--as', 'H29.02'])
      return items.find((item: { uid: string }) => item.uid === uid) as { id: number } | undefined
    }
    const uid = await send('21/SNV-VP')
    let item: { id: number } | undefined
    await until(async () => (item = await waiting(uid)) !== undefined)
    const recall = ['recall', '--number', '21/SNV-VP', '--reason', 'Sai thể thức', '--wait', '30s']
    const { exit, stdout, stderr } = await call([...recall, '--lang', 'vi'])
    assert.equal(exit, 0, stderr)
    assert.match(stderr, /1\/1/)
    assert.match(stdout, /H29\.02 .*rút khỏi hộp thư, chưa ai nhận, 20/)
    assert.match(stdout, /- văn bản thu hồi gửi lúc .*: [0-9a-f]{64}/)
    assert.equal(await waiting(uid), undefined)
    const read = await call(['mailbox', 'read', String(item?.id), '--as', 'H29.02', '--out', '-'])
    assert.match(read.stderr, /\[DOCUMENT_RECALLED\]/)
    assert.match((await call(recall)).stdout, /Nobody is left to recall it from/)

    const taken = await send('22/SNV-VP')
    await until(async () => (item = await waiting(taken)) !== undefined)
    await json(['mailbox', 'ack', String(item?.id), '--as', 'H29.02'])
    const asked = ['recall', taken, '--to', 'h29.02', '--take-back', '--reason', 'Gửi nhầm', '--wait', '30s']
    const { packets, documents } = await json(asked)
    assert.equal(packets.length, 1)
    const [{ recall: became }] = documents[0].recipients
    assert.equal(became.outcome, 'asked')
    assert.deepEqual(
      became.packets.map(({ uid, kind, businessType }: Record<string, unknown>) => [uid, kind, businessType]),
      [[packets[0].uid, 'status', 13]],
    )
    assert.match((await call(['track', taken])).stdout, /- H29\.02: had taken the document before; wait/)

    writeFileSync(join(dir, 'new.edxml'), await packet('23/SNV-VP', 'H29.02'))
    const replaced = await call(['replace', taken, '--with', 'new.edxml'])
    assert.equal(replaced.exit, 3)
    assert.match(replaced.stderr, /ReplacementInfo.*\[NOT_EDXML\]/s)
    assert.equal((await call(['track', '--number', '23/SNV-VP'])).exit, 4)
  })

  it('lets software in, tells its secrets once, changes them, and shuts it out', async () => {
    const secrets: string[] = []
    const add = await call(['system', 'add', 'qlvb-1', '--organisation', 'H29.02', '--name', 'QLVB', '--lang', 'vi'])
    assert.equal(add.exit, 0, add.stderr)
    secrets.push(/^Bí mật: (\S{32})$/m.exec(add.stdout)?.[1] ?? assert.fail(add.stdout))
    secrets.push(/^Khóa API: (lt_qlvb-1_\S{40})$/m.exec(add.stdout)?.[1] ?? assert.fail(add.stdout))
    assert.match(add.stderr, /không in lại/)
    for (const kind of ['secret', 'key']) {
      const issued = await json(['system', 'rotate', 'qlvb-1', '--kind', kind, '--overlap', '1d'])
      secrets.push(issued.secret ?? issued.apiKey)
    }
    const certificate = ['--kind', 'certificate', '--fingerprint', 'ab'.repeat(32)]
    await json(['system', 'rotate', 'qlvb-1', ...certificate])
    await json(['system', 'change', 'qlvb-1', '--organisation', 'H29', '--scope', 'send'])
    const disabled = await json(['system', 'disable', 'qlvb-1'])
    assert.equal(typeof disabled.disabledAt, 'number')
    assert.equal((await json(['system', 'disable', 'qlvb-1', '--undo'])).disabledAt, null)

    const { items } = await json(['system', 'list'])
    const listed = await call(['system', 'list', '--lang', 'en'])

    assert.deepEqual(
      items.map(({ id, name, organisations, scopes, declared, credentials }: Record<string, unknown>) => [
        ...[id, name, organisations, scopes, declared],
        (credentials as { kind: string }[]).map(({ kind }) => kind),
      ]),
      [
        ['dms', 'dms', ['H29', 'H29.02'], ['send', 'receive', 'hooks'], true, ['secret']],
        ['qlvb-1', 'QLVB', ['H29'], ['send'], false, ['secret', 'apiKey', 'secret', 'apiKey', 'certificate']],
      ],
    )
    assert.match(listed.stdout, /qlvb-1 +QLVB +active +H29 +send +secret until \d{4}.*, certificate$/m)
    for (const secret of secrets) assert.ok(!JSON.stringify([items, listed]).includes(secret))
    for (const [words, exit, code] of [
      [['system', 'add', 'qlvb-1', '--organisation', 'H29'], 3, 'SYSTEM_EXISTS'],
      [['system', 'add', 'a b', '--organisation', 'H29'], 6, 'CONFIG_INVALID'],
      [['system', 'add', 'x', '--organisation', 'G22'], 3, 'SENDER_NOT_ALLOWED'],
      [['system', 'rotate', 'dms', '--kind', 'secret'], 3, 'SYSTEM_DECLARED'],
      [['system', 'rotate', 'x', '--kind', 'key'], 4, 'NOT_FOUND'],
      [['system', 'rotate', 'qlvb-1', '--kind', 'certificate'], 2, 'USAGE'],
      [['system', 'rotate', 'qlvb-1', '--kind', 'key', '--overlap', '7'], 2, 'USAGE'],
      [['system', 'change', 'qlvb-1'], 2, 'USAGE'],
    ] as const) {
      const refused = await call(words)
      assert.equal(refused.exit, exit, `${words.join(' ')}: ${refused.stderr}`)
      assert.ok(refused.stderr.endsWith(`[${code}]\n`), refused.stderr)
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

  it('takes a packet that breaks rules, and says which', async () => {
    const plain = (await packet('18/SNV-VP', 'H29.02')).toString('utf8')
    const odd = `1212${plain.replace(/<edXML:FullName>[^<]*<\/edXML:FullName>/, '').replace('2025/07/01<', '2999/07/01<')}`
    writeFileSync(join(dir, 'odd.edxml'), odd)

    const { recipients, warnings } = await json(['submit', 'odd.edxml', '--as', 'H29', '--lang', 'vi'])

    assert.equal(recipients.length, 1)
    assert.deepEqual(warnings, [
      {
        code: 'JUNK_BEFORE_XML',
        detail: { bytes: 4 },
        severity: 'warning',
        text: 'Có 4 byte lạ đứng trước nội dung XML.',
      },
      {
        code: 'SIGNER_MISSING',
        detail: {},
        severity: 'error',
        text: 'Thiếu họ tên người ký (SignerInfo/FullName).',
      },
      {
        code: 'ISSUE_DATE_FUTURE',
        detail: { date: '2999/07/01' },
        severity: 'warning',
        text: 'Ngày ban hành 2999/07/01 còn chưa đến.',
      },
    ])
    const { stdout } = await call(['submit', 'odd.edxml', '--as', 'H29'])
    assert.match(stdout, /H29\.02\s+already sent\n\nThe packet was taken, but note:\n- .*\[JUNK_BEFORE_XML\]\n/)
    assert.deepEqual((await json(['submit', 'open.edxml', '--as', 'H29'])).warnings, [])
  })

  it('knows how far a recipient has come, and what became of a take-back whose fields are swapped', async () => {
    writeFileSync(join(dir, 'letter.edxml'), await packet('17/SNV-VP', 'H29.02'))
    const { uid } = await json(['submit', 'letter.edxml', '--as', 'H29'])
    const letter = { organId: 'H29', code: '17/SNV-VP', promulgationDate: '2025/07/01', documentId: null }
    let sentAt = Date.now()
    const say = async (from: string, statusCode: number, responseFor: ResponseFor, description = 'Lý do') => {
      const organ = { organId: from, organName: 'Cơ quan' }
      const status = { from: organ, responseFor: [responseFor], statusCode, description, sentAt: (sentAt += 1000) }
      // A mark that changes direction: this writer would not write it.
      const written = Buffer.from(writeStatus(status)).toString('utf8').replace('[mark]', '\u202e')
      writeFileSync(join(dir, 'status.edxml'), statusCode === 13 ? swapped(written) : written)
      await json(['submit', 'status.edxml', '--as', from])
    }
    const recipient = async () => (await json(['track', uid])).documents[0].recipients[0]
    const shows = (statusCode: number | null, change: string | null) =>
      until(async () => {
        const known = await recipient()
        return known.statusCode === statusCode && known.change === change
      })

    // By number and date alone, as software does that keeps no ids.
    await say('H29.02', 3, letter)
    await shows(3, null)
    await say('H29.02', 1, letter)
    await until(async () => (await recipient()).statuses.length === 2)
    await shows(3, null)
    await say('H29', 13, { ...letter, organId: 'H29.02', documentId: 'H29.02,2025/07/01,17/SNV-VP' })
    await shows(3, 'asked')
    await say('H29.02', 16, letter)
    await shows(3, 'declined')
    await say('H29.02', 2, letter, 'Gửi sai[mark] nơi nhận')
    await shows(2, 'declined')

    const { stdout } = await call(['track', uid])
    assert.match(stdout, /02 \(Gửi sai\\u202e nơi nhận\), take-back or update declined/)
    const again = await json(['submit', 'letter.edxml', '--as', 'H29'])
    assert.deepEqual(again.recipients, [{ organ: 'H29.02', outcome: 'new' }])
    await shows(null, null)
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

  it('answers over HTTP those whom it knows', async () => {
    await until(() => /"url":"http/.test(log))
    const url = /"url":"(http:[^"]+)"/.exec(log)?.[1] ?? ''
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
    assert.equal((await fetch(`${url}/v1/me`)).status, 401)
    const ended = await call(['system', 'rotate', 'dms', '--kind', 'key', '-o', 'json'])
    const { apiKey } = JSON.parse(ended.stdout) as { apiKey: string }
    const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${apiKey}` } })
    assert.equal(me.status, 200)
    assert.deepEqual(
      ((await me.json()) as { organisations: readonly { id: string }[] }).organisations.map(({ id }) => id),
      ['H29', 'H29.02'],
    )
  })

  it('is administered from elsewhere by an operator, and says what is wrong with it', async () => {
    await until(() => /"url":"http/.test(log))
    const url = /"url":"(http:[^"]+)"/.exec(log)?.[1] ?? ''
    const home = temporaryFolder({ after: (step) => void teardown.push(step as () => unknown) })
    const away = (...words: string[]) => callProgram([...words, '--context', 'h29'], { cwd: home, env: { HOME: home } })
    const { key } = (await json(['operator', 'add', 'truc', '--role', 'viewer'])) as unknown as { key: string }
    writeFileSync(join(home, 'key'), key, { mode: 0o600 })
    const added = await callProgram(['context', 'add', 'h29', '--url', url, '--key', 'key'], {
      cwd: home,
      env: { HOME: home },
    })
    assert.equal(added.exit, 0, added.stderr)

    const status = await away('status', '-o', 'json')
    assert.equal(JSON.parse(status.stdout).id, 'H29', status.stderr)
    assert.match((await away('system', 'disable', 'dms')).stderr, /\[ROLE_MISSING\]/)
    assert.match((await away('link', 'list')).stdout, /no link/)
    assert.equal((await away('check', 'queue', '--format', 'nagios')).exit, 0)
    const doctor = await away('doctor', '-o', 'json')
    assert.deepEqual([doctor.exit, JSON.parse(doctor.stdout).findings[0].id], [5, 'brokerClosed'])
    const here = await call(['doctor', '-o', 'json'])
    assert.deepEqual([here.exit, JSON.parse(here.stdout).findings[0].id], [5, 'brokerAway'])

    await call(['operator', 'disable', 'truc'])
    assert.match((await away('status')).stderr, /\[OPERATOR_DENIED\]/)
  })
})

/** As one integrator writes a take-back: number and recipient in each other's place. */
function swapped(status: string): string {
  const [organ, code] = ['<edXML:OrganId>H29.02<', '<edXML:Code>17/SNV-VP<']
  assert.ok(status.includes(organ) && status.includes(code))
  return status.replace(organ, '<edXML:OrganId>17/SNV-VP<').replace(code, '<edXML:Code>H29.02<')
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
