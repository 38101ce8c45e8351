/**
 * A RabbitMQ of one's own: data, accounts, Erlang cookie, epmd and every port are private, all on loopback. A broker
 * that runs on this machine already is never seen, never touched.
 *
 *     starting ──ready──▶ alive ──kill()──▶ down ──start()──▶ alive
 *         │                 │               │ wipe()
 *         └─────────────────┴───── stop() ──┴──▶ gone (processes ended, folder removed)
 *
 * Debian's script on the PATH changes the user; the real one, which it calls, is used.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { amqpAnswers, managementAnswers } from './broker-probes.ts'
import { type Keeper, startKeeper } from './keeper.ts'
import { freePorts } from './ports.ts'
import { standardPath } from './processes.ts'
import type { Teardown } from './teardown.ts'
import { waitFor } from './wait-for.ts'

const serverScript = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const plugins = ['rabbitmq_management', 'rabbitmq_shovel']

/** Several at once on two slow cores, after a kill, with data to recover. */
const readyDeadlineMs = 120_000
const stopDeadlineMs = 60_000

/** How often a quorum queue says how much it holds. RabbitMQ's 5 s are most of what a test would wait for. */
const countEveryMs = 1_000

/** Characters of the broker's log shown when it does not come up. */
const logTailChars = 4_000

export interface BrokerPorts {
  readonly amqp: number
  readonly management: number
  readonly distribution: number
  readonly epmd: number
}

/** A broker that somebody else runs. */
export interface ExternalBroker {
  /** amqp://user:password@host:port */
  readonly amqpUrl: string
  /** http://host:port, same account. */
  readonly managementUrl: string
}

export interface BrokerOptions {
  /** Node name before the @, letters, digits, _ and -. @default random */
  readonly name?: string
  /** @default free ones */
  readonly ports?: BrokerPorts
  /** Its administrator. @default 'lienthong' */
  readonly account?: string
  /** Lines added to rabbitmq.conf; the last value of a key wins. @default '' */
  readonly config?: string
  /** Becomes one of the cluster of this private broker, with its accounts. */
  readonly joins?: Broker
  /** Milliseconds until a start that does not come up is an error. @default 120_000 */
  readonly readyDeadlineMs?: number
  /** Where `stop` is registered. Without it the broker ends with the calling process at the latest. */
  readonly teardown?: Teardown
  /** Use this running broker and start none. */
  readonly external?: ExternalBroker
}

export interface Broker {
  /** amqp://127.0.0.1:PORT, without account. */
  readonly amqpUrl: string
  /** http://127.0.0.1:PORT */
  readonly managementUrl: string
  /** An administrator with all rights on every vhost it makes; the same after `wipe`. */
  readonly user: string
  readonly password: string
  /** Its folder: data, log (`log`), configuration. '' for an external broker. */
  readonly dir: string
  /** What RabbitMQ's own programs (`rabbitmqctl`) need to reach it; empty for an external broker. */
  readonly environment: Readonly<Record<string, string>>
  /** Id of the Erlang process, new after each start; 0 while down, and for an external broker. */
  readonly pid: number
  readonly alive: boolean
  /** Ends the Erlang process; resolves when it is gone. Data stay. SIGTERM shuts down in order. @default 'SIGKILL' */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Starts it again on the same data and ports; resolves when it is ready. */
  start(): Promise<void>
  /** Deletes its data while it is down. */
  wipe(): void
  /** Ends it and its epmd, and removes its folder. Idempotent; an external broker is left alone. */
  stop(): Promise<void>
}

/**
 * Starts a private broker and resolves when it speaks AMQP and its management API answers (6–16 s). Rejects with the
 * end of its log when it does not.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  if (options.external !== undefined) return externalBroker(options.external)
  if (!canStartBroker()) {
    throw new Error(`${serverScript} is missing: apt-get install --no-install-recommends rabbitmq-server`)
  }
  const { joins } = options
  const ports = options.ports ?? (await choosePorts())
  const broker = new PrivateBroker(options, joins instanceof PrivateBroker ? { ...ports, epmd: joins.epmdPort } : ports)
  options.teardown?.after(() => broker.stop())
  try {
    await broker.start()
  } catch (error) {
    await broker.stop()
    throw error
  }
  return broker
}

/** False on a machine without RabbitMQ, which can use an external broker only. */
export function canStartBroker(): boolean {
  return existsSync(serverScript)
}

/** The running broker that the environment names (LIENTHONG_BROKER_URL and LIENTHONG_BROKER_API), if it does. */
export function brokerFromEnvironment(environment = process.env): ExternalBroker | undefined {
  const { LIENTHONG_BROKER_URL: amqpUrl, LIENTHONG_BROKER_API: managementUrl } = environment
  if (!amqpUrl || !managementUrl) return undefined
  return { amqpUrl, managementUrl }
}

async function choosePorts(): Promise<BrokerPorts> {
  const [amqp, management, distribution, epmd] = (await freePorts(4)) as [number, number, number, number]
  return { amqp, management, distribution, epmd }
}

class PrivateBroker implements Broker {
  readonly amqpUrl: string
  readonly managementUrl: string
  readonly user: string
  readonly password: string
  readonly epmdPort: number
  readonly #nodeName: string
  readonly dir = mkdtempSync(join(tmpdir(), 'lienthong-broker-'))
  readonly #keeper: Keeper
  readonly environment: Readonly<Record<string, string>>
  readonly #readyDeadlineMs: number
  #process: ChildProcess | undefined
  #gone = false

  constructor(options: BrokerOptions, ports: BrokerPorts) {
    this.user = options.account ?? 'lienthong'
    this.#keeper = startKeeper(this.dir)
    this.#nodeName = options.name ?? `lt-${randomBytes(4).toString('hex')}`
    this.password = options.joins?.password ?? randomBytes(18).toString('base64url')
    this.epmdPort = ports.epmd
    this.amqpUrl = `amqp://127.0.0.1:${ports.amqp}`
    this.managementUrl = `http://127.0.0.1:${ports.management}`
    this.#readyDeadlineMs = options.readyDeadlineMs ?? readyDeadlineMs
    this.environment = {
      PATH: standardPath,
      LANG: 'C.UTF-8',
      ...environmentOf(this.dir, ports, this.#nodeName),
      ...this.#keeper.environment,
    }
    mkdirSync(join(this.dir, 'home'), { mode: 0o700 })
    writeFileSync(join(this.dir, 'enabled_plugins'), `[${plugins.join(',')}].\n`)
    const config = `${options.joins instanceof PrivateBroker ? this.#join(options.joins) : ''}${options.config ?? ''}`
    writeFileSync(join(this.dir, 'rabbitmq.conf'), this.#configuration(ports, config), { mode: 0o600 })
  }

  get alive(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  get pid(): number {
    return this.alive ? (this.#process?.pid ?? 0) : 0
  }

  async start(): Promise<void> {
    if (this.#gone) throw new Error('this broker has been stopped')
    if (this.alive) throw new Error('this broker is running')
    const log = openSync(join(this.dir, 'log'), 'a', 0o600)
    // A session of its own: Ctrl-C reaches the program that uses the broker, not the broker under it.
    const child = spawn(serverScript, [], {
      cwd: this.dir,
      detached: true,
      env: this.environment,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    child.unref()
    this.#process = child
    let failure: Error | undefined
    child.once('error', (error) => {
      failure = error
    })
    await waitFor(
      async () => {
        if (failure !== undefined) throw failure
        if (!this.alive) throw new Error(`the broker ended while starting:\n${this.#logTail()}`)
        return (await amqpAnswers(this.amqpUrl)) && (await managementAnswers(this))
      },
      { what: 'the broker to be ready', deadlineMs: this.#readyDeadlineMs },
    ).catch((error: unknown) => {
      throw new Error(`the broker did not come up: ${String(error)}\n${this.#logTail()}`, { cause: error })
    })
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (!this.alive) return
    this.#process?.kill(signal)
    await waitFor(() => !this.alive, { what: `the broker to end after ${signal}`, deadlineMs: stopDeadlineMs })
  }

  wipe(): void {
    if (this.alive) throw new Error('a running broker cannot be wiped: kill it first')
    rmSync(join(this.dir, 'data'), { recursive: true, force: true, maxRetries: 5 })
  }

  async stop(): Promise<void> {
    this.#gone = true
    await this.#keeper.end()
    await waitFor(() => !this.alive, { what: 'the broker to be gone', deadlineMs: stopDeadlineMs })
  }

  /** The lines that make it join at its first start. Erlang nodes that share a cookie trust each other. */
  #join(other: PrivateBroker): string {
    cpSync(join(other.dir, 'home', '.erlang.cookie'), join(this.dir, 'home', '.erlang.cookie'))
    return `cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = ${other.#nodeName}@localhost
cluster_formation.classic_config.nodes.2 = ${this.#nodeName}@localhost
`
  }

  #configuration(ports: BrokerPorts, extra: string): string {
    const settings: Record<string, string | number> = {
      'listeners.tcp.default': `127.0.0.1:${ports.amqp}`,
      'management.tcp.ip': '127.0.0.1',
      'management.tcp.port': ports.management,
      'management.rates_mode': 'basic',
      default_user: this.user,
      default_pass: this.password,
      loopback_users: 'none',
      'log.console': 'true',
      'log.console.level': 'info',
      'log.file': 'false',
    }
    for (const line of extra.split('\n')) {
      const [key, ...value] = line.split('=')
      if (key?.trim()) settings[key.trim()] = value.join('=').trim()
    }
    return `${Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n')}\n`
  }

  #logTail(): string {
    try {
      return readFileSync(join(this.dir, 'log'), 'utf8').slice(-logTailChars).replaceAll(this.password, '***')
    } catch {
      return '(no log)'
    }
  }
}

/** What Debian's scripts read; the names of files that do not exist keep /etc/rabbitmq out. */
function environmentOf(dir: string, ports: BrokerPorts, name: string): Record<string, string> {
  return {
    HOME: join(dir, 'home'),
    RABBITMQ_NODENAME: `${name}@localhost`,
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_CONF_ENV_FILE: join(dir, 'no-env'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(dir, 'no-advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(dir, 'data'),
    RABBITMQ_LOG_BASE: join(dir, 'logs'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} +sbwt none -rabbit quorum_tick_interval ${countEveryMs}`,
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_CRASH_DUMP: '/dev/null',
    // Makes the script become the Erlang process instead of watching it: the child's id is then the broker's.
    detached: 'yes',
  }
}

function externalBroker(external: ExternalBroker): Broker {
  const url = new URL(external.amqpUrl)
  const refuse = (): never => {
    throw new Error('an external broker is used, never killed, wiped or started')
  }
  return {
    amqpUrl: `${url.protocol}//${url.host}`,
    managementUrl: external.managementUrl.replace(/\/$/, ''),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    dir: '',
    environment: {},
    pid: 0,
    alive: true,
    kill: async () => refuse(),
    start: async () => refuse(),
    wipe: refuse,
    stop: async () => {},
  }
}
