import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

interface Made {
  readonly certificate: string
  readonly key: string
}

function folderOf(t: TestContext) {
  const dir = temporaryFolder(t)
  const run = (...words: readonly string[]) => callProgram(['tls', ...words], { cwd: dir })
  return {
    dir,
    run,
    async issue(...words: readonly string[]): Promise<Made> {
      const { exit, stdout, stderr } = await run('issue', ...words, '-o', 'json')
      assert.equal(exit, 0, stderr)
      const { file, key } = JSON.parse(stdout) as { file: string; key: string }
      return { certificate: readFileSync(join(dir, file), 'utf8'), key: readFileSync(join(dir, key), 'utf8') }
    },
    async authority(folder = 'ca', name = 'H29 TLS'): Promise<string> {
      const { exit, stderr } = await run('ca', folder, '--name', name)
      assert.equal(exit, 0, stderr)
      return readFileSync(join(dir, folder, 'ca.pem'), 'utf8')
    },
  }
}

/** What a client that trusts `ca` sees of a server with this certificate: `ok`, or why it goes away. */
async function handshake(t: TestContext, { key, certificate }: Made, options: ConnectionOptions): Promise<string> {
  const server = createServer({ key, cert: certificate })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername: 'broker.example', ...options })
  return await new Promise((resolve) => {
    socket.once('secureConnect', () => resolve('ok'))
    socket.once('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message))
  }).then((seen) => {
    socket.destroy()
    return String(seen)
  })
}

describe('tls', () => {
  it('makes an authority whose certificates are believed under every name they were issued for, and under no other', async (t) => {
    const folder = folderOf(t)
    const ca = await folder.authority()
    const made = await folder.issue('broker.example', '127.0.0.1', '--ca', 'ca')

    assert.equal(await handshake(t, made, { ca }), 'ok')
    assert.equal(await handshake(t, made, { ca, servername: '' }), 'ok', 'by its address')
    assert.equal(await handshake(t, made, { ca, servername: 'other.example' }), 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.notEqual(await handshake(t, made, { ca: await folder.authority('another') }), 'ok')
  })

  it('issues nothing that may issue, nor beyond the end of its authority', async (t) => {
    const folder = folderOf(t)
    await folder.run('ca', 'ca', '--name', 'short', '--valid-for', '10d')
    const { certificate } = await folder.issue('broker.example', '--ca', 'ca')
    const [issued, authority] = [certificate, readFileSync(join(folder.dir, 'ca/ca.pem'), 'utf8')].map(
      (pem) => new X509Certificate(pem),
    )
    assert.deepEqual([issued?.ca, authority?.ca], [false, true])
    assert.equal(issued?.validTo, authority?.validTo)
  })

  it('keeps keys from others, and never writes over one', async (t) => {
    const folder = folderOf(t)
    await folder.authority()
    const first = await folder.issue('broker.example', '--ca', 'ca')
    for (const file of ['ca/ca.key', 'ca/broker.example.key']) {
      assert.equal(statSync(join(folder.dir, file)).mode & 0o777, 0o600)
    }
    for (const words of [
      ['ca', 'ca', '--name', 'again'],
      ['issue', 'broker.example', '--ca', 'ca'],
    ]) {
      const { exit, stderr } = await folder.run(...words)
      assert.notEqual(exit, 0)
      assert.match(stderr, /FILE_UNWRITABLE/)
    }
    assert.equal(readFileSync(join(folder.dir, 'ca/broker.example.key'), 'utf8'), first.key)
  })

  it('renews with the same key', async (t) => {
    const folder = folderOf(t)
    const ca = await folder.authority()
    const first = await folder.issue('broker.example', '--ca', 'ca')
    const second = await folder.issue('broker.example', '10.29.0.5', '--ca', 'ca', '--renew')
    assert.equal(second.key, first.key)
    assert.notEqual(second.certificate, first.certificate)
    assert.match(new X509Certificate(second.certificate).subjectAltName ?? '', /10\.29\.0\.5/)
    assert.equal(await handshake(t, second, { ca }), 'ok')
  })

  it('refuses an authority whose key is another’s, and names that are none', async (t) => {
    const folder = folderOf(t)
    await folder.authority('one')
    await folder.authority('two')
    writeFileSync(join(folder.dir, 'one/ca.key'), readFileSync(join(folder.dir, 'two/ca.key')))
    const mixed = await folder.run('issue', 'broker.example', '--ca', 'one')
    assert.match(mixed.stderr, /CONFIG_INVALID/)
    for (const name of ['a b', '../x', 'x,DNS:y', '-x.example']) {
      const { stderr } = await folder.run('issue', '--ca', 'two', '--', name)
      assert.match(stderr, /USAGE/, name)
    }
  })

  it('takes any text for the name of an authority as that text alone', async (t) => {
    const folder = folderOf(t)
    const name = 'Sở TT&TT, O=other+CN=x#'
    await folder.authority('ca', name)
    const { stdout } = await folder.run('show', 'ca/ca.pem', '-o', 'json')
    const { subject } = JSON.parse(stdout) as { subject: string }
    assert.equal(subject, String.raw`CN=Sở TT&TT\, O=other\+CN=x#`)
  })

  it('tells how many days are left, in both languages', async (t) => {
    const folder = folderOf(t)
    await folder.run('ca', 'ca', '--name', 'x', '--valid-for', '10d')
    assert.match((await folder.run('show', 'ca/ca.pem')).stdout, /9 days left/)
    assert.match((await folder.run('show', 'ca/ca.pem', '--lang', 'vi')).stdout, /còn 9 ngày/)
  })
})
