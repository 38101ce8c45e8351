/**
 * Two empty folders become a province and a commune that exchange documents, by the program alone, over TLS: what an
 * administrator types, with nothing edited by hand.
 */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { samplePacket } from '@lienthong/edxml'
import { root } from '../conformance/source-files.ts'
import {
  type Broker,
  borrowBroker,
  canStartBroker,
  freePort,
  lastFirst,
  type RunningProcess,
  runProcess,
  startBroker,
  startProcess,
  temporaryFolder,
  waitFor,
} from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const program = join(root, 'packages/cli/bin/lienthong.mjs')
const deadlineMs = 90_000
const province = 'H29'
const commune = 'H29.18'

describe('nodes made and joined by the program', { skip, timeout: 400_000 }, () => {
  const teardown = lastFirst({ after })
  const folder = temporaryFolder(teardown)
  let brokers: Readonly<Record<typeof province | typeof commune, Broker>>
  let tlsPort = 0

  /** Standard output of a command that goes well, or the code of its refusal. */
  async function run(...words: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runProcess({ args: [program, ...words, '--lang', 'en'], cwd: folder })
    assert.equal(exitCode, 0, `${words.join(' ')}: ${stderr}`)
    return stdout
  }

  async function refusal(...words: readonly string[]): Promise<string> {
    const { exitCode, stderr } = await runProcess({ args: [program, ...words, '-o', 'json'], cwd: folder })
    assert.notEqual(exitCode, 0, words.join(' '))
    return stderr
  }

  const json = async <T>(...words: readonly string[]) => JSON.parse(await run(...words, '-o', 'json')) as T
  const at = (node: string) => ['--config', `${node}/node.yaml`]

  async function runNode(node: string): Promise<RunningProcess> {
    const started = await startProcess({
      args: [program, 'node', 'run', ...at(node), '--lang', 'en'],
      cwd: folder,
      env: { LANG: 'C.UTF-8' },
      teardown,
    })
    await waitFor(
      async () => {
        if (!started.alive) throw new Error(`${node} ended: ${started.stderr.slice(-2_000)}`)
        return (await runProcess({ args: [program, 'status', ...at(node)], cwd: folder })).exitCode === 0
      },
      { what: `${node} to answer`, deadlineMs },
    )
    return started
  }

  function initOf(node: typeof province | typeof commune): string[] {
    const { amqpUrl, managementUrl, user, password } = brokers[node]
    const passwordFile = join(folder, `${node}.password`)
    writeFileSync(passwordFile, password, { mode: 0o600 })
    return [
      ...['node', 'init', node, '--folder', node, '--broker', amqpUrl, '--management', managementUrl],
      ...['--user', user, '--password-file', passwordFile, '--name', `Ủy ban nhân dân ${node}`],
    ]
  }

  async function exchange(from: string, to: string, number: number): Promise<void> {
    const file = join(folder, `${number}.edxml`)
    const organ = (id: string) => ({ organId: id, organName: id })
    const parts: Uint8Array[] = []
    const packet = samplePacket({ from: organ(from), to: [organ(to)], number: `${number}/UBND-VP`, subject: 'Thử' })
    for await (const part of packet) parts.push(part)
    writeFileSync(file, Buffer.concat(parts))
    await run('submit', file, '--as', from, ...at(from))
    await waitFor(
      async () => {
        const { items } = await json<{ items: { subject: string; from: string }[] }>(
          'mailbox',
          'list',
          '--as',
          to,
          ...at(to),
        )
        return items.some((item) => item.from === from)
      },
      { what: `a document from ${from} at ${to}`, deadlineMs },
    )
  }

  before(async () => {
    await run('tls', 'ca', 'tls', '--name', 'test')
    await run('tls', 'issue', 'localhost', '--ca', 'tls')
    tlsPort = await freePort()
    const file = (name: string) => join(folder, 'tls', name)
    const config = [
      `listeners.ssl.default = 127.0.0.1:${tlsPort}`,
      `ssl_options.cacertfile = ${file('ca.pem')}`,
      `ssl_options.certfile = ${file('localhost.pem')}`,
      `ssl_options.keyfile = ${file('localhost.key')}`,
      'ssl_options.verify = verify_none',
      '',
    ].join('\n')
    brokers = { [province]: await startBroker({ teardown, config }), [commune]: await borrowBroker(teardown) }
  })

  it('init makes key and node.yaml, and run again changes nothing', async () => {
    const words = [
      ...[...initOf(province), '--root', '--tier', 'tỉnh'],
      ...['--public', `amqps://localhost:${tlsPort}`, '--public-ca', join('tls', 'ca.pem')],
    ]
    const made = await json<{ outcome: string; kid: string }>(...words)
    assert.deepEqual([made.outcome, made.kid], ['made', 'H29#1'])
    const before = readFileSync(join(folder, province, 'node.yaml'), 'utf8')
    assert.equal(statSync(join(folder, province, 'node.key')).mode & 0o777, 0o600)
    assert.equal((await json<{ outcome: string }>(...words)).outcome, 'kept')
    assert.equal(readFileSync(join(folder, province, 'node.yaml'), 'utf8'), before)
    assert.match(await refusal('node', 'init', 'H30', '--folder', province), /CONFIG_INVALID/)
    await run('node', 'check-config', `${province}/node.yaml`)

    writeFileSync(join(folder, 'units.csv'), '\uFEFFcode;name\r\nH29.18.1;Phòng Một\r\nH29.18.2;Phòng Hai\r\n')
    await run(...initOf(commune), '--from', 'units.csv')
  })

  it('one line joins them over TLS; a document goes each way', async () => {
    await runNode(province)
    await runNode(commune)
    const { organisations } = await json<{ organisations: { id: string }[] }>('org', 'list', ...at(commune))
    assert.deepEqual(
      organisations.map(({ id }) => id),
      [commune, 'H29.18.1', 'H29.18.2'],
    )
    const rehearsed = await json<{ items: { state: string; token: null }[] }>(
      'node',
      'invite',
      commune,
      '--dry-run',
      ...at(province),
    )
    assert.deepEqual([rehearsed.items[0]?.state, rehearsed.items[0]?.token], ['invited', null])
    await run('node', 'invite', commune, '--out', 'invitations', ...at(province))
    const token = join('invitations', `${commune}.token`)
    assert.equal(statSync(join(folder, token)).mode & 0o777, 0o600)
    assert.match(await run('node', 'invitations', ...at(province)), /H29\.18 +open/)

    const joined = await json('node', 'join', token, ...at(commune))
    assert.deepEqual(joined, { parent: province, outcome: 'joined', linked: true })
    const again = await json('node', 'join', token, ...at(commune))
    assert.deepEqual(again, { parent: province, outcome: 'already', linked: true })
    await waitFor(async () => (await run('org', 'list', ...at(commune))).includes('H29 '), {
      what: 'the directory at the commune',
      deadlineMs,
    })
    await exchange(commune, province, 1)
    await exchange(province, commune, 2)
    const { ready, lines } = await json<{ ready: boolean; lines: unknown[] }>('bridge', 'check', ...at(province))
    assert.ok(ready, JSON.stringify(lines))
    assert.match(await refusal('node', 'join', token, ...at(province)), /TOKEN_OTHER_NODE/)
  })

  it('200 children are invited in one run, which goes on where it was cut off', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => `H29.${index + 100};Xã`)
    writeFileSync(join(folder, 'communes.csv'), `code;name\r\n${rows.join('\r\n')}\r\n`)
    const cut = await startProcess({
      args: [program, 'node', 'invite', '--from', 'communes.csv', '--out', 'many', ...at(province), '--lang', 'en'],
      cwd: folder,
      teardown,
    })
    await waitFor(() => cut.stderr.includes('40 of 200') || !cut.alive, { what: 'two batches', deadlineMs })
    assert.match(cut.stderr, /40 of 200/)
    cut.kill('SIGKILL')
    await cut.finished
    const first = readFileSync(join(folder, 'many', 'H29.100.token'), 'utf8')
    const { items } = await json<{ items: { child: string; state: string }[] }>(
      ...['node', 'invite', '--from', 'communes.csv', '--out', 'many', ...at(province)],
    )
    assert.equal(items.length, 200)
    assert.equal(items[0]?.state, 'kept')
    // On a busy machine the first run may have come further than was seen of it.
    assert.ok(items.every(({ state }) => state === 'kept' || state === 'invited'))
    assert.equal(readFileSync(join(folder, 'many', 'H29.100.token'), 'utf8'), first)
  })

  it('the child leaves, the parent revokes, and both go on', async () => {
    await run('node', 'leave', '--reason', 'thử', ...at(commune))
    await run('node', 'revoke', commune, '--reason', 'thử', ...at(province))
    assert.match(await refusal('node', 'revoke', commune, '--reason', 'thử', ...at(province)), /NOT_FOUND/)
    const { link } = await json<{ link: unknown }>('status', ...at(commune))
    assert.equal(link, null)
  })
})
