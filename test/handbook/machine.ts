/**
 * A machine of the handbook: folders in place of its root, a broker and a service of its own, and the programs by which
 * both are reached. What is typed stands in the page as on a real machine; only paths, host names and ports are exchanged.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../conformance/source-files.ts'
import {
  type Broker,
  freePort,
  type Proxy,
  type RunningProcess,
  runProcess,
  startBroker,
  startProcess,
  startProxy,
  type Teardown,
} from '../kit/index.ts'
import { standardPath } from '../kit/processes.ts'
import { type OwnDisk, openOwnDisk, type Started } from './own-disk.ts'
import type { HandbookLanguage } from './page.ts'

const program = join(root, 'packages/cli/bin/lienthong.mjs')
const unit = readFileSync(join(root, 'deploy/systemd/lienthong@.service'), 'utf8')
const toolsOfBroker = ['rabbitmqctl', 'rabbitmq-diagnostics']
const deadlineMs = 120_000

export interface Answer {
  readonly exitCode: number | null
  /** Both streams, as on a screen, with what was exchanged back in its place. */
  readonly output: string
}

export interface Machine {
  readonly id: string
  /** The line by which its children come; cut, it is cut for all of them. */
  readonly line: Proxy | null
  readonly broker: Broker
  /** Runs commands. `isRoot`: beside the machine's folders, otherwise in that of the node. */
  shell(commands: string, isRoot: boolean): Promise<Answer>
  startService(node: string): Promise<void>
  stopService(node: string): Promise<void>
  /** Starts RabbitMQ as it is configured there, or starts it again. */
  restartBroker(): Promise<void>
  /** Puts /var onto a disk of its own, while no service runs. Idempotent. */
  ownDisk(): Promise<void>
  /** Its path of a path on a real machine. */
  place(path: string): string
}

export interface Site {
  readonly folder: string
  readonly language: HandbookLanguage
  readonly teardown: Teardown
  /** What stands for what, besides the machine's own folders. */
  readonly names: Map<string, string>
}

/** One whose broker is that of `host`, when there is one. */
export async function openMachine(id: string, site: Site, host?: Machine): Promise<Machine> {
  const { folder, language, teardown, names } = site
  const at = join(folder, id)
  const place = (path: string) => join(at, path)
  for (const path of [
    'etc/lienthong',
    'etc/rabbitmq/conf.d',
    'etc/rabbitmq/tls',
    'var/lib/lienthong',
    'var/backups',
    'bin',
  ])
    mkdirSync(place(path), { recursive: true })
  symlinkSync(process.execPath, place('bin/node'))
  const hostName = `mq.${id.toLowerCase()}.example`
  const tlsPort = await freePort()
  const line = host === undefined ? await startProxy({ target: { host: '127.0.0.1', port: tlsPort }, teardown }) : null
  if (line !== null) names.set(`${hostName}:5671`, `localhost:${line.port}`)
  let broker = host?.broker
  const services = new Map<string, RunningProcess>()
  let disk: OwnDisk | null = null
  const seen = (started: Started): Started => disk?.inside(started) ?? started
  writeProgram('lienthong', `exec node ${program} "$@"`)

  function writeProgram(name: string, command: string): void {
    writeFileSync(place(`bin/${name}`), `#!/bin/sh\n${command}\n`, { mode: 0o755 })
  }

  /** The ports that a real machine's broker has by itself. */
  function reach({ amqpUrl, managementUrl, environment }: Broker): void {
    const ports = `--broker ${amqpUrl} --management ${managementUrl}`
    writeProgram('lienthong', `[ "$1 $2" = 'node init' ] && set -- "$@" ${ports}\nexec node ${program} "$@"`)
    const set = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
    for (const tool of toolsOfBroker) writeProgram(tool, `${set.join('\n')}\nexec /usr/lib/rabbitmq/bin/${tool} "$@"`)
  }
  if (host !== undefined) reach(host.broker)

  const own = new Map([
    ['/etc/lienthong', place('etc/lienthong')],
    ['/var/lib/lienthong', place('var/lib/lienthong')],
    ['/etc/rabbitmq', place('etc/rabbitmq')],
    ['/var/backups', place('var/backups')],
    ['/media/usb', join(folder, 'usb')],
    ['/opt/lienthong/current', root.replace(/\/$/, '')],
    ['/usr/local/bin/lienthong', place('bin/lienthong')],
  ])

  function here(text: string): string {
    let result = text
    for (const [real, path] of own) result = result.replaceAll(real, path)
    for (const [name, address] of names) result = result.replaceAll(name, address)
    return result.replaceAll(/mq\.[\w.-]+\.example/g, 'localhost')
  }

  function there(text: string): string {
    let result = text
    for (const [real, path] of own) result = result.replaceAll(path, real)
    for (const [name, address] of names) {
      result = result.replaceAll(address, name).replaceAll(address.replace(':', ' '), name.replace(':', ' '))
    }
    if (broker !== undefined) {
      result = result
        .replaceAll(new URL(broker.amqpUrl).host, '127.0.0.1:5672')
        .replaceAll(new URL(broker.managementUrl).host, '127.0.0.1:15672')
    }
    return result.replaceAll(/(?<![\w.])localhost(?![\w:])/g, hostName)
  }

  const environment = {
    PATH: `${place('bin')}:${standardPath}`,
    HOME: at,
    LANG: language === 'vi' ? 'vi_VN.UTF-8' : 'C.UTF-8',
  }

  function configurationOfBroker(): string {
    const written = ['rabbitmq.conf', 'conf.d/children.conf']
      .map((name) => readIfThere(place(`etc/rabbitmq/${name}`)))
      .join('')
    return written
      .split('\n')
      .filter((each) => !/^(?:listeners\.tcp|management\.tcp|vm_memory|disk_free)/.test(each))
      .join('\n')
      .replace(/^(listeners\.ssl\.\w+) = 5671$/m, `$1 = 127.0.0.1:${tlsPort}`)
      .replaceAll('/etc/rabbitmq', place('etc/rabbitmq'))
  }

  return {
    id,
    line,
    get broker() {
      if (broker === undefined) throw new Error(`no broker at ${id} yet`)
      return broker
    },
    place,
    async shell(commands, isRoot) {
      const { exitCode, stdout } = await runProcess({
        ...seen({
          command: '/bin/bash',
          args: ['-euo', 'pipefail', '-c', `exec 2>&1\n${here(commands)}`],
          cwd: isRoot ? at : place(`etc/lienthong/${id}`),
        }),
        env: environment,
        deadlineMs,
        teardown,
      })
      return { exitCode, output: there(stdout) }
    },
    async startService(node) {
      const commandOf = (name: string) =>
        here(
          (new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '')
            .replaceAll('%i', node)
            .replace('/opt/lienthong/current/bin/lienthong', '/usr/local/bin/lienthong'),
        )
      const [command = '', ...args] = commandOf('ExecStart').split(' ')
      services.set(
        node,
        await startProcess({
          ...seen({
            command: '/bin/sh',
            args: ['-ec', `${commandOf('ExecStartPre')}\nexec ${command} ${args.join(' ')}`],
            cwd: place('var/lib/lienthong'),
          }),
          env: environment,
          teardown,
        }),
      )
    },
    async stopService(node) {
      const service = services.get(node)
      service?.kill('SIGTERM')
      await service?.finished
      services.delete(node)
    },
    async restartBroker() {
      if (broker === undefined) {
        broker = await startBroker({ teardown, account: 'kit', config: configurationOfBroker() })
        reach(broker)
        return
      }
      await broker.kill('SIGTERM')
      await broker.start()
    },
    async ownDisk() {
      disk ??= await openOwnDisk(place('var'), teardown)
    },
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
