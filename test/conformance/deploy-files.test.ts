/** Files for deployment, as far as they can be judged without the programs they are for. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { canStartBroker, runProcess, startBroker } from '../kit/index.ts'
import { root } from './source-files.ts'

const deploy = join(root, 'deploy')
/** Written by whoever deploys. */
const ofTheOperator = /^\.\/(?:secrets|tls|node)\b/

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly network_mode?: string
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

describe('compose.yaml', () => {
  it('names what is there, fixed versions, and opens nothing but TLS', () => {
    const { services, volumes } = parse(readFileSync(join(deploy, 'compose.yaml'), 'utf8')) as Compose
    for (const [name, service] of Object.entries(services)) {
      const { image, build, ports = [], network_mode: mode } = service
      if (image !== undefined) assert.match(image, /:\d+\.\d+/, name)
      if (build !== undefined) assert.ok(existsSync(resolve(deploy, build.context, build.dockerfile)), name)
      if (mode !== undefined) assert.ok(mode.replace('service:', '') in services, mode)
      assert.deepEqual(
        ports.filter((port) => !['5671:5671', '443:8443'].includes(port)),
        [],
      )
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':')
        if (from.startsWith('.')) assert.ok(ofTheOperator.test(from) || existsSync(join(deploy, from)), volume)
        else assert.ok(from in volumes, volume)
      }
    }
  })

  it('builds its image from files of the archive', () => {
    const dockerfile = readFileSync(join(deploy, 'Dockerfile'), 'utf8')
    assert.match(dockerfile, /^FROM debian:\d+-slim$/m)
    assert.match(dockerfile, /^RUN \/tmp\/archive\/install /m)
    assert.match(dockerfile, /^USER lienthong$/m)
  })
})

describe('the unit and the image', () => {
  it('start Node with options that it takes', async () => {
    const unit = readFileSync(join(deploy, 'systemd/lienthong@.service'), 'utf8')
    const dockerfile = readFileSync(join(deploy, 'Dockerfile'), 'utf8')
    const [, options = ''] = /^Environment=NODE_OPTIONS=(.+)$/m.exec(unit) ?? []
    assert.equal(/^ENV NODE_OPTIONS=(.+)$/m.exec(dockerfile)?.[1], options)
    const { exitCode, stderr } = await runProcess({ args: ['-e', ''], env: { NODE_OPTIONS: options } })
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.match(options, /^--max-semi-space-size=\d+$/)
    const script = readFileSync(join(deploy, 'start/bin-lienthong.sh'), 'utf8')
    const [, option = ''] = /^exec "\$node" (--\S+) /m.exec(script) ?? []
    const started = await runProcess({ args: [option, '-e', ''], env: { NODE_OPTIONS: options } })
    assert.deepEqual([started.exitCode, started.stderr], [0, ''])
    assert.match(option, /^--min-semi-space-size=\d+$/)
  })
})

describe('rabbitmq.conf and children.conf', {
  skip: canStartBroker() ? false : 'needs a RabbitMQ that it can start',
}, () => {
  it('are what a broker starts with', async (t) => {
    const written = ['rabbitmq.conf', 'children.conf']
      .map((name) => readFileSync(join(deploy, 'rabbitmq', name), 'utf8'))
      .join('')
    // The same lines, but for files and ports that only the real machine has.
    const here = written
      .split('\n')
      .filter((line) => !/^(?:listeners|ssl_options\.\w+file|management\.tcp|vm_memory|disk_free)/.test(line))
      .join('\n')
    const broker = await startBroker({ teardown: t, config: `${here}\n` })
    assert.equal(broker.alive, true)
    assert.match(written, /^listeners\.tcp\.\w+ = 127\.0\.0\.1:5672$/m)
    assert.match(written, /^management\.tcp\.ip = 127\.0\.0\.1$/m)
    assert.match(written, /^listeners\.ssl\.\w+ = 5671$/m)
  })
})
