import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openControlServer } from '../src/control/server.ts'
import { nodeDouble } from './support/node-double.ts'
import { type NodeFolder, nodeEnv, nodeFolder, nodeYaml, temporaryFolder } from './support/node-folder.ts'
import { callProgram, runProgram } from './support/run-program.ts'

const launcher = fileURLToPath(new URL('../../bin/lienthong.mjs', import.meta.url))

/** Calls that must fail: the words, the exit code, the code of the sentence, part of the sentence. */
const failures: readonly (readonly [words: readonly string[], exit: number, code: string, said: RegExp])[] = [
  [[], 2, 'USAGE', /a command is missing/],
  [['mailbox'], 2, 'USAGE', /a command is missing/],
  [['sumbit', 'x'], 2, 'USAGE', /sumbit/],
  [['status', '--dta', 'x'], 2, 'USAGE', /dta/],
  [['submit', 'x'], 2, 'USAGE', /missing required option: as/],
  [['submit', '--as', 'H29'], 2, 'USAGE', /too few arguments/],
  [['submit', 'x', 'y', '--as', 'H29'], 2, 'USAGE', /y/],
  [['submit', 'x', '--as', 'H29', '--as', 'H26'], 2, 'USAGE', /--as may be given only once/],
  [['submit', 'x', '--as='], 2, 'USAGE', /as must not be empty/],
  [['status', '-o', 'xml'], 2, 'USAGE', /choose from/],
  [['mailbox', 'list', '--as', 'H29', '--no-all'], 2, 'USAGE', /no-all/],
  [['mailbox', 'list', '--as', 'H29', '--limit', '1e5'], 2, 'USAGE', /--limit "1e5"/],
  [['mailbox', 'ack', '0x10', '--as', 'H29'], 2, 'USAGE', /ID "0x10"/],
  [['track'], 2, 'USAGE', /give a UID or DocumentId/],
  [['track', 'x', '--number', '1/X'], 2, 'USAGE', /give a UID or DocumentId/],
  [['status', '--data', 'a', '--config', 'b'], 2, 'USAGE', /only one of --context, --data and --config/],
  [['status'], 2, 'USAGE', /which node is meant/],
  [['status', '--__proto__.x', '1'], 2, 'USAGE', /__proto__/],
  [['submit', 'nowhere.edxml', '--as', 'H29'], 3, 'FILE_UNREADABLE', /nowhere\.edxml cannot be read \(ENOENT\)/],
  [['submit', '.', '--as', 'H29'], 3, 'FILE_UNREADABLE', /\(EISDIR\)/],
  [['status', '--data', 'nowhere'], 5, 'NODE_NOT_RUNNING', /not running.*`lienthong node run`/],
  [['node', 'check-config', 'nowhere.yaml'], 3, 'FILE_UNREADABLE', /nowhere\.yaml/],
  [['key', 'create', 'k', '--node', 'a b'], 2, 'USAGE', /--node "a b"/],
  [['key', 'create', 'no/such/k', '--node', 'H29'], 3, 'FILE_UNWRITABLE', /ENOENT/],
]

describe('the program', () => {
  const spawned = new Set<number>()
  for (const [words, exit, code, said] of failures) {
    // One of each kind by the real program; the others in this process, which is quicker.
    const run = spawned.has(exit) ? callProgram : runProgram
    spawned.add(exit)
    it(`ends with ${exit} for: lienthong ${words.join(' ')}`, async (t) => {
      const cwd = temporaryFolder(t)
      const text = await run(words, { cwd })
      assert.equal(text.exit, exit, text.stderr)
      assert.equal(text.stdout, '')
      assert.match(text.stderr, said)
      assert.match(text.stderr, new RegExp(`\\[${code}\\]\\n$`))
      assert.equal(text.stderr.trimEnd().split('\n').length, 1, 'one sentence, no stack trace')
    })
  }

  it('says the same as JSON on standard error', async (t) => {
    const cwd = temporaryFolder(t)
    for (const [words, exit, code] of failures) {
      if (words.includes('-o')) continue
      const text = await callProgram([...words, '-o', 'json'], { cwd })
      assert.equal(text.exit, exit)
      const { error } = JSON.parse(text.stderr)
      assert.deepEqual(Object.keys(error), ['code', 'text', 'action', 'detail'])
      assert.equal(error.code, code)
    }
  })

  it('answers in the language of the locale, and in the one asked for above all', async (t) => {
    const cwd = temporaryFolder(t)
    const vietnamese = { LC_ALL: 'vi_VN.UTF-8' }
    assert.match((await callProgram(['x'], { cwd, env: vietnamese })).stderr, /^Lệnh chưa đúng: không hiểu: x\./)
    assert.match(
      (await callProgram(['x', '--lang', 'en'], { cwd, env: vietnamese })).stderr,
      /^The command is not right/,
    )
    assert.match((await callProgram(['x', '--lang=vi'], { cwd })).stderr, /^Lệnh chưa đúng/)
  })

  it('shows a stack trace with --debug only', async (t) => {
    const cwd = temporaryFolder(t)
    assert.match((await callProgram(['status', '--data', 'x', '--debug'], { cwd })).stderr, /\n\s+at /)
  })

  it('lists every problem of a configuration with its place, and ends with 6', async (t) => {
    const folder = nodeFolder(t)
    folder.write('node.yaml', nodeYaml.replace('management: http', 'managment: http'))
    const text = await callProgram(['node', 'check-config', 'node.yaml'], { cwd: folder.dir, env: nodeEnv })
    assert.equal(text.exit, 6)
    assert.match(text.stderr, /^node\.yaml:10:3 broker\.managment: unknown key, did you mean "management"\?$/m)
    const json = await callProgram(['node', 'run', '--config', 'node.yaml', '-o', 'json'], {
      cwd: folder.dir,
      env: nodeEnv,
    })
    assert.equal(json.exit, 6)
    assert.deepEqual(
      JSON.parse(json.stderr).error.detail.problems.map(({ path, line }: { path: string; line: number }) => [
        path,
        line,
      ]),
      [
        ['broker.management', 5],
        ['broker.managment', 10],
      ],
    )
  })

  it('shows what a node would run with, and no secret', async (t) => {
    const folder = nodeFolder(t)
    const text = await callProgram(['node', 'check-config', 'node.yaml', '-o', 'json'], {
      cwd: folder.dir,
      env: nodeEnv,
    })
    assert.equal(text.exit, 0, text.stderr)
    assert.equal(JSON.parse(text.stdout).settings.broker.user, 'h29')
    assert.doesNotMatch(text.stdout, / secret|from the environment|PRIVATE/)
  })

  it('finds the node by data folder, configuration, variable, or node.yaml beside it', async (t) => {
    const folder = nodeFolder(t)
    const status = { id: 'H29', tier: 'tỉnh' }
    const server = await openControlServer(
      nodeDouble({ status: async () => status as never }),
      join(folder.dir, 'data/control.sock'),
    )
    t.after(() => server.close({ timeoutMs: 0 }))
    const elsewhere = temporaryFolder(t)
    const ask = async (words: readonly string[], cwd: string, env = {}) => {
      const { exit, stdout, stderr } = await callProgram(['status', '-o', 'json', ...words], { cwd, env })
      assert.equal(exit, 0, stderr)
      const { id, tier } = JSON.parse(stdout)
      return { id, tier }
    }
    assert.deepEqual(await ask(['--data', join(folder.dir, 'data')], elsewhere), status)
    assert.deepEqual(await ask(['--config', folder.file], elsewhere), status)
    assert.deepEqual(await ask([], elsewhere, { LIENTHONG_NODE: folder.file }), status)
    assert.deepEqual(await ask([], elsewhere, { LIENTHONG_NODE: join(folder.dir, 'data') }), status)
    assert.deepEqual(await ask([], folder.dir), status)
  })

  it('hands in what stands on standard input, ids as written', async (t) => {
    const dir = temporaryFolder(t)
    const seen: unknown[] = []
    const node = nodeDouble({
      submit: async ({ as, to, body }) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
        seen.push({ as, to, text: Buffer.concat(chunks).toString() })
        return { uid: 'ab', recipients: [{ organ: '007', outcome: 'new' }], warnings: [] }
      },
    })
    const server = await openControlServer(node, join(dir, 'control.sock'))
    t.after(() => server.close({ timeoutMs: 0 }))
    const words = ['submit', '-', '--as', 'H29', '--to', '007', '--to', '1e5', '--data', dir]
    const { exit, stdout, stderr } = await runProgram(words, { input: 'gói tin' })
    assert.equal(exit, 0, stderr)
    assert.deepEqual(seen, [{ as: 'H29', to: ['007', '1e5'], text: 'gói tin' }])
    assert.match(stdout, /007\s+new/)
  })

  it('writes a packet whole or not at all', async (t) => {
    const dir = temporaryFolder(t)
    const item = (sha256: string) => ({
      id: 1,
      uid: 'u',
      payload: { size: 3, sha256 },
      headline: {},
      path: [],
      from: 'G22',
      documentId: 'd',
    })
    let sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const node = nodeDouble({
      mailbox: {
        list: async () => [],
        acknowledge: async () => item(sha256) as never,
        read: async () => ({
          item: item(sha256) as never,
          body: (async function* () {
            yield Buffer.from('abc')
          })(),
        }),
      },
    })
    const server = await openControlServer(node, join(dir, 'control.sock'))
    t.after(() => server.close({ timeoutMs: 0 }))
    const read = (out: string) =>
      callProgram(['mailbox', 'read', '1', '--as', 'H29', '--out', out, '--data', dir], { cwd: dir })

    assert.equal((await read('packet')).exit, 0)
    assert.equal(readFileSync(join(dir, 'packet'), 'utf8'), 'abc')
    assert.deepEqual(await read('-'), { exit: 0, stdout: 'abc', stderr: '' })

    sha256 = 'ff'
    const broken = await read('packet')
    assert.equal(broken.exit, 3)
    assert.match(broken.stderr, /\[DIGEST_MISMATCH\]/)
    assert.equal(readFileSync(join(dir, 'packet'), 'utf8'), 'abc', 'what was there before stays')
    assert.equal((await read('other')).exit, 3)
    assert.ok(!existsSync(join(dir, 'other')))
  })

  it('creates a key only its owner can read, and never over another', async (t) => {
    const cwd = temporaryFolder(t)
    const words = ['key', 'create', 'node.key', '--node', 'H29', '--number', '2', '-o', 'json']
    const { exit, stdout } = await callProgram(words, { cwd })
    assert.equal(exit, 0)
    const { kid, publicKey } = JSON.parse(stdout)
    assert.equal(kid, 'H29#2')
    assert.match(publicKey, /^[A-Za-z0-9_-]{43}$/)
    assert.equal(statSync(join(cwd, 'node.key')).mode & 0o777, 0o600)
    const before = readFileSync(join(cwd, 'node.key'), 'utf8')
    assert.match(before, /BEGIN PRIVATE KEY/)
    assert.equal((await callProgram(words, { cwd })).exit, 3)
    assert.equal(readFileSync(join(cwd, 'node.key'), 'utf8'), before)
  })

  it('prints no character that acts on a terminal', async (t) => {
    const cwd = temporaryFolder(t)
    const name = 'x\u001b[31m\u202e.edxml'
    const { stderr } = await callProgram(['submit', name, '--as', 'H29'], { cwd })
    assert.match(stderr, /x\\u001b\[31m\\u202e\.edxml/)
    assert.doesNotMatch(stderr, /[\u001b\u202e]/)
  })

  it('tells each node once that its broker is away, listens meanwhile, and stops when asked', async (t) => {
    const folder = nodeFolder(t)
    const port = await freePort()
    folder.write(
      'node.yaml',
      nodeYaml.replace('127.0.0.1:5672', `127.0.0.1:${port}`).replace('127.0.0.1:15672', `127.0.0.1:${port}`),
    )
    const node = startNode(t, folder, ['-o', 'json'])

    const socketPath = join(folder.dir, 'data/control.sock')
    await until(() => node.text.stdout.includes('broker-away') && existsSync(socketPath))
    const socket = connect(socketPath)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    socket.destroy()
    const second = await runProgram(['node', 'run', '--config', folder.file], { env: nodeEnv })
    assert.equal(second.exit, 7, second.stderr)
    assert.match(second.stderr, /\[STORE_LOCKED\]/)

    node.child.kill('SIGTERM')
    assert.equal(await node.ended, 0)
    assert.equal(node.text.stdout.split('broker-away').length - 1, 1)
    assert.ok(!existsSync(socketPath))
  })

  it('ends at once at the second signal, whatever is in hand', async (t) => {
    const folder = nodeFolder(t)
    const port = String(await freePort())
    folder.write('node.yaml', nodeYaml.replace('5672', port).replace('15672', port))
    const node = startNode(t, folder, ['--stop-timeout', '1h'])
    const socketPath = join(folder.dir, 'data/control.sock')
    await until(() => existsSync(socketPath))
    // A document that never ends keeps the node busy for as long as it is allowed to be.
    const headers = { expect: '100-continue' }
    const upload = request({ socketPath, method: 'POST', path: '/documents?as=H29', headers })
    upload.on('error', () => undefined)
    t.after(() => upload.destroy())
    upload.flushHeaders()
    await once(upload, 'continue')
    upload.write('<')

    node.child.kill('SIGTERM')
    await until(() => node.text.stderr.includes('Stopping after the work in hand'))
    assert.equal(node.child.exitCode, null)
    node.child.kill('SIGTERM')
    assert.equal(await node.ended, 143)
  })

  it('says that two files mean the same node', async (t) => {
    const folder = nodeFolder(t)
    writeFileSync(join(folder.dir, 'twin.yaml'), nodeYaml)
    chmodSync(join(folder.dir, 'twin.yaml'), 0o600)
    const text = await callProgram(['node', 'run', '--config', 'node.yaml', '--config', 'twin.yaml'], {
      cwd: folder.dir,
      env: nodeEnv,
    })
    assert.equal(text.exit, 2)
    assert.match(text.stderr, /twin\.yaml and node\.yaml have the same id H29/)
  })
})

/** `node run` by the launcher that npm links, with this node.yaml. */
function startNode(t: TestContext, folder: NodeFolder, words: readonly string[]) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [launcher, 'node', 'run', '--config', folder.file, ...words], {
    env: { PATH, ...nodeEnv },
  })
  t.after(() => child.kill('SIGKILL'))
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, text, ended }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A port nobody listens on: taken and given back. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}
