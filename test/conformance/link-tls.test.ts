/** A link over TLS to a real broker, with certificates the program made. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openConnection } from '@lienthong/link'
import {
  type Broker,
  canStartBroker,
  freePort,
  lastFirst,
  runProcess,
  startBroker,
  temporaryFolder,
  waitFor,
} from '../kit/index.ts'
import { root } from './source-files.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const program = join(root, 'packages/cli/bin/lienthong.mjs')

describe('a connection over TLS', { skip }, () => {
  const teardown = lastFirst({ after })
  const folder = temporaryFolder(teardown)
  let broker: Broker
  let port: number

  const tls = async (...words: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await runProcess({ args: [program, 'tls', ...words], cwd: folder })
    assert.equal(exitCode, 0, stderr)
  }

  before(async () => {
    await tls('ca', 'ca', '--name', 'test')
    await tls('ca', 'other', '--name', 'test')
    await tls('issue', 'localhost', '--ca', 'ca')
    port = await freePort()
    const file = (name: string): string => join(folder, 'ca', name)
    broker = await startBroker({
      teardown,
      config: [
        `listeners.ssl.default = 127.0.0.1:${port}`,
        `ssl_options.cacertfile = ${file('ca.pem')}`,
        `ssl_options.certfile = ${file('localhost.pem')}`,
        `ssl_options.keyfile = ${file('localhost.key')}`,
        'ssl_options.verify = verify_none',
        '',
      ].join('\n'),
    })
  })

  const open = (host: string, authority: string | null) => {
    const { user, password } = broker
    const ca = authority === null ? {} : { ca: readFileSync(join(folder, authority, 'ca.pem'), 'utf8') }
    const url = `amqps://${host}:${port}`
    const connection = openConnection({ url, vhost: '/', user, password, name: 'tls', retryFirstMs: 20, ...ca })
    teardown.after(() => connection.close())
    return connection
  }

  it('opens when the authority is the one named', async () => {
    const connection = open('localhost', 'ca')
    await waitFor(() => connection.status.open, { what: 'the connection', deadlineMs: 30_000 })
  })

  for (const [what, host, authority] of [
    ['the authority is another', 'localhost', 'other'],
    ['no authority is named', 'localhost', null],
    ['the certificate is for another name', '127.0.0.1', 'ca'],
  ] as const) {
    it(`stays closed and says why when ${what}`, async () => {
      const connection = open(host, authority)
      await waitFor(() => connection.status.lastError !== null, { what: 'a refusal', deadlineMs: 30_000 })
      assert.equal(connection.status.open, false)
      assert.match(connection.status.lastError ?? '', /certificate|altnames/i)
    })
  }
})
