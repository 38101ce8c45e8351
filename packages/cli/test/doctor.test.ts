/** The doctor: the cause before its consequences, with the node or its broker down as well. */
import assert from 'node:assert/strict'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { LinkView, NodeHealth } from '@lienthong/relay'
import { openControlServer } from '../src/control/server.ts'
import { reach } from '../src/doctor/evidence.ts'
import { findingsOf } from '../src/doctor/findings.ts'
import { nodeDouble } from './support/node-double.ts'
import { nodeEnv, nodeFolder, nodeYaml } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'
import { at, day, sampleHealth, up } from './support/sample-health.ts'

const link: LinkView = { ...up, since: at, canaryMs: 5, peer: null }
const child: LinkView = { ...link, neighbour: 'H29.18', direction: 'down' }
const healthy: NodeHealth = {
  ...sampleHealth,
  tableVersion: 1,
  links: [link, child],
  oldestDocumentAt: null,
  databaseBytes: 1,
  disk: { path: '/d', freeBytes: 50, totalBytes: 100 },
  keys: [{ name: 'H29#1', endsAt: null, inUse: true }],
  certificates: [],
}
const nothing = { file: null, service: null, problems: [], data: null, broker: null, parent: null } as const
const order = {
  neighbour: 'G22',
  stop: 'pause',
  until: null,
  bytesPerSecond: null,
  by: 'an',
  reason: 'cáp',
  at,
} as const

describe('what is broken', () => {
  const cases: readonly [Partial<NodeHealth>, readonly string[]][] = [
    [{}, []],
    [
      { broker: { open: false, blocked: null, lastError: 'ECONNREFUSED' } },
      ['broken doctor.brokerClosed systemctl status rabbitmq-server'],
    ],
    [
      { broker: { open: true, blocked: 'disk', lastError: null } },
      ['broken doctor.brokerBlocked rabbitmq-diagnostics alarms'],
    ],
    [{ keys: [{ name: 'H29#1', endsAt: at, inUse: true }] }, ['broken doctor.keyEnded lienthong key rotate --help']],
    [{ links: [{ ...link, reasons: ['pause'], order }] }, ['broken doctor.linkStopped lienthong link resume G22']],
    [
      { links: [{ ...link, phase: 'stalled', reasons: ['canary-missing'] }] },
      ['broken doctor.parentSilent doctor.ask.parent'],
    ],
    [
      { links: [{ ...link, phase: 'opening', reasons: ['sender-down: ACCESS_REFUSED'] }] },
      ['broken doctor.parentDenied doctor.ask.parent'],
    ],
    [
      { links: [{ ...link, phase: 'opening', reasons: ['sender-down: connect ECONNREFUSED', 'unproven'] }] },
      ['broken doctor.parentAway nc -vz mq.g22.example 5671'],
    ],
    [
      { links: [{ ...link, phase: 'opening', reasons: ['unproven', 'receiver-down: certificate has expired'] }] },
      ['broken doctor.parentTls openssl s_client -connect mq.g22.example:5671'],
    ],
    [
      { links: [{ ...link, phase: 'opening', reasons: ['unproven'] }] },
      ['broken doctor.linkDown lienthong link show G22'],
    ],
    [
      { links: [link, { ...child, phase: 'closed', reasons: ['silent'] }] },
      ['notice doctor.childSilent doctor.ask.child'],
    ],
    [{ oldestDocumentAt: at - 2 * 3_600_000 }, ['notice doctor.backlog lienthong check queue']],
    [{ certificates: [{ name: 'H29 ab', endsAt: at + 3 * day }] }, ['notice doctor.endsSoon lienthong check cert']],
    [{ disk: { path: '/d d', freeBytes: 10, totalBytes: 100 } }, ["notice doctor.diskLow df -h '/d d'"]],
    [{ disk: { path: '/d', freeBytes: 5, totalBytes: 100 } }, ['broken doctor.diskFull df -h /d']],
    [
      {
        links: [
          { ...child, phase: 'closed' },
          { ...link, order },
        ],
        broker: { open: false, blocked: null, lastError: null },
      },
      [
        'broken doctor.brokerClosed systemctl status rabbitmq-server',
        'broken doctor.linkStopped lienthong link resume G22',
        'notice doctor.childSilent doctor.ask.child',
      ],
    ],
  ]
  for (const [change, expected] of cases) {
    it(`is said in order: ${expected.join(', ') || 'nothing'}`, () => {
      const found = findingsOf({ ...nothing, node: { ...healthy, ...change } })
      assert.deepEqual(
        found.map(({ level, cause, mend }) => `${level} ${cause} ${'command' in mend ? mend.command : mend.phrase}`),
        expected,
      )
    })
  }

  it('of a node that is down is mended by its service, where it has one', () => {
    const node = { code: 'NODE_NOT_RUNNING', reason: '' } as const
    const commandFor = (file: string | null, service: string | null) =>
      findingsOf({ ...nothing, file, service, node }).map(({ mend }) => mend)
    assert.deepEqual(commandFor('node.yaml', 'lienthong@H29'), [{ command: 'systemctl restart lienthong@H29' }])
    assert.deepEqual(commandFor('n/node.yaml', null), [{ command: 'lienthong node run --config n/node.yaml' }])
    assert.deepEqual(commandFor(null, null), [{ command: "systemctl list-units 'lienthong@*'" }])
  })

  it('at the line to the parent is not said while its link is open', () => {
    const parent = {
      node: 'G22',
      place: 'amqps://g22.example:5671',
      reach: { step: 'away', reason: 'ETIMEDOUT' },
    } as const
    assert.deepEqual(findingsOf({ ...nothing, parent, node: healthy }), [])
    const [first] = findingsOf({ ...nothing, parent, node: { ...healthy, links: [{ ...link, phase: 'opening' }] } })
    assert.deepEqual([first?.cause, first?.mend], ['doctor.parentAway', { command: 'nc -vz g22.example 5671' }])
    const untrusted = { ...parent, reach: { step: 'tls', reason: 'CERT_HAS_EXPIRED' } } as const
    const [tls] = findingsOf({ ...nothing, parent: untrusted, node: { code: 'NODE_NOT_RUNNING', reason: '' } }).slice(
      -1,
    )
    assert.equal(tls?.cause, 'doctor.parentTls')
  })
})

/** Something that answers at both ports of a broker; the status is that of the management interface. */
async function broker(t: TestContext, status: number, said: unknown = {}) {
  const amqp = createServer((socket) => socket.on('error', () => undefined))
  const management = createHttpServer((_request, response) => response.writeHead(status).end(JSON.stringify(said)))
  for (const server of [amqp, management]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
  }
  const [port, managementPort] = [amqp, management].map((server) => (server.address() as AddressInfo).port)
  return nodeYaml
    .replace('amqp://127.0.0.1:5672', `amqp://127.0.0.1:${port}`)
    .replace('http://127.0.0.1:15672', `http://127.0.0.1:${managementPort}`)
    .replace('amqps://centre.example:5671', `amqps://127.0.0.1:1`)
}

describe('the doctor', () => {
  async function examine(t: TestContext, yaml: string, health?: NodeHealth) {
    const folder = nodeFolder(t)
    folder.write('node.yaml', yaml)
    if (health !== undefined) {
      const node = nodeDouble({ health: async () => health })
      const server = await openControlServer(node, join(folder.dir, 'data/control.sock'))
      t.after(() => server.close({ timeoutMs: 0 }))
    }
    const run = (...words: string[]) => callProgram(['doctor', '--config', folder.file, ...words], { env: nodeEnv })
    const { exit, stdout, stderr } = await run('-o', 'json')
    assert.equal(stderr, '')
    const { findings } = JSON.parse(stdout) as { findings: readonly { id: string; command?: string }[] }
    return { exit, findings, ids: findings.map(({ id }) => id), text: (await run()).stdout, file: folder.file }
  }

  it('finds a broker that is away before the node that cannot run for it', async (t) => {
    const yaml = nodeYaml.replace('amqp://127.0.0.1:5672', 'amqp://127.0.0.1:1').replace('centre.example', '127.0.0.1')
    const { exit, ids, text } = await examine(t, yaml)
    assert.equal(exit, 5)
    assert.deepEqual(ids.slice(0, 2), ['brokerAway', 'nodeDown'])
    assert.match(text, /^Broken: The node's own broker .* does not answer \(ECONNREFUSED\)\.\nTo mend it: systemctl /)
  })

  it('finds a password the broker does not take, and then a node that is down', async (t) => {
    assert.equal((await examine(t, await broker(t, 401))).ids[0], 'managementDenied')
    const { findings, file } = await examine(t, await broker(t, 200))
    assert.deepEqual([findings[0]?.id, findings[0]?.command], ['nodeDown', `lienthong node run --config ${file}`])
  })

  it('finds that the broker holds publishers back before any of them was told', async (t) => {
    const yaml = await broker(t, 503, { status: 'failed', alarms: [{ node: 'r@h', resource: 'disk space' }] })
    const { findings, text } = await examine(t, yaml, healthy)
    assert.deepEqual(
      findings.map(({ id, command }) => [id, command]),
      [['brokerBlocked', 'rabbitmq-diagnostics alarms']],
    )
    assert.match(text, /disk space/)
  })

  it('finds a mistake in the configuration with its place', async (t) => {
    const { exit, ids, text } = await examine(t, nodeYaml.replace('vhost: h29', 'vhots: h29'))
    assert.deepEqual([exit, ids], [5, ['config']])
    assert.match(text, /node\.yaml:\d+:\d+ broker\.vhost/)
  })

  it('is content with a node that does well, whatever it would see by itself', async (t) => {
    const { exit, ids, text } = await examine(t, await broker(t, 200), healthy)
    assert.deepEqual([exit, ids], [0, []])
    assert.match(text, /Nothing is broken/)
  })

  it('gives up on what does not answer', async (t) => {
    assert.deepEqual(await reach('amqp://127.0.0.1:1'), { step: 'away', reason: 'ECONNREFUSED' })
    const plain = createServer((socket) => socket.end('AMQP'))
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    t.after(() => plain.close())
    const { step } = await reach(`amqps://127.0.0.1:${(plain.address() as AddressInfo).port}`)
    assert.equal(step, 'tls')
  })

  it('asks which node is meant', async () => {
    assert.equal((await callProgram(['doctor'], { cwd: '/' })).exit, 2)
  })
})
