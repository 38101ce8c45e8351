/** Checks for monitoring systems. They end with the exit codes of monitoring plugins, in every format. */
import { type HealthLevel, healthLevels, RelayError } from '@lienthong/core'
import type { EndingHealth, NodeHealth } from '@lienthong/relay'
import { certificateAt, certificateIn, tlsPlace } from '../check/certificates.ts'
import {
  type CheckFormat,
  type CheckResult,
  checkFormats,
  jsonResult,
  levelOfResult,
  nagiosResult,
  prometheusResult,
  textResult,
} from '../check/formats.ts'
import {
  type Bounds,
  certificateMeasures,
  directoryMeasures,
  diskMeasures,
  linkMeasures,
  type Measure,
  peerMeasures,
  queueMeasures,
} from '../check/measures.ts'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import { connectControl } from '../control/client.ts'
import type { NodeAddress } from '../control/transport.ts'
import type { ExitCode } from '../exit-codes.ts'
import { chosenAddress, chosenFile, nodeOptions } from '../node-choice.ts'
import { printable } from '../printable.ts'

const formatOption = {
  format: { describe: 'option.check.format', type: 'text', choices: checkFormats, default: 'text' },
} as const satisfies Record<string, OptionSpec>

/** How a bound is written: `5m` for seconds, `30` for days and percent. */
type BoundForm = 'duration' | 'number'

interface CheckParts {
  readonly form: BoundForm
  readonly measure: (asked: Asked, bounds: Bounds) => readonly Measure[] | Promise<readonly Measure[]>
}

interface Asked {
  readonly health: NodeHealth
  readonly input: CommandInput
  readonly context: Context
  readonly address: NodeAddress
}

const neighbourHelp = { positionals: '[node]', positionalHelp: { node: 'help.check.node' } } as const
const noHelp = { positionals: '', positionalHelp: {} } as const

export const checkLinkCommand: CommandSpec = {
  path: ['check', 'link'],
  ...neighbourHelp,
  describe: 'help.check.link',
  options: boundOptions('60s', '5m'),
  examples: [{ command: 'check link G22 --critical 10m --format nagios', describe: 'example.checkLink' }],
  run: (input, context) =>
    runCheck('link', input, context, {
      form: 'duration',
      measure: ({ health }, bounds) => linkMeasures(health, input.text('node'), bounds),
    }),
}

export const checkQueueCommand: CommandSpec = {
  path: ['check', 'queue'],
  ...noHelp,
  describe: 'help.check.queue',
  options: boundOptions('10m', '1h'),
  examples: [{ command: 'check queue --warning 30m --critical 4h', describe: 'example.checkQueue' }],
  run: (input, context) =>
    runCheck('queue', input, context, {
      form: 'duration',
      measure: ({ health }, bounds) => queueMeasures(health, bounds),
    }),
}

export const checkCertCommand: CommandSpec = {
  path: ['check', 'cert'],
  ...noHelp,
  describe: 'help.check.cert',
  options: boundOptions('60', '14'),
  examples: [{ command: 'check cert --format prometheus', describe: 'example.checkCert' }],
  run: (input, context) =>
    runCheck('cert', input, context, {
      form: 'number',
      measure: async (asked, bounds) => certificateMeasures(asked.health, await tlsCertificates(asked), bounds),
    }),
}

export const checkDiskCommand: CommandSpec = {
  path: ['check', 'disk'],
  ...noHelp,
  describe: 'help.check.disk',
  options: boundOptions('15', '5'),
  examples: [{ command: 'check disk --warning 20', describe: 'example.checkDisk' }],
  run: (input, context) =>
    runCheck('disk', input, context, { form: 'number', measure: ({ health }, bounds) => diskMeasures(health, bounds) }),
}

export const checkDirectoryCommand: CommandSpec = {
  path: ['check', 'directory'],
  ...neighbourHelp,
  describe: 'help.check.directory',
  options: boundOptions('30m', '24h'),
  examples: [{ command: 'check directory G22', describe: 'example.checkPeer' }],
  run: (input, context) =>
    runCheck('directory', input, context, {
      form: 'duration',
      measure: ({ health }, bounds) => directoryMeasures(health, input.text('node'), bounds),
    }),
}

export const checkPeerCommand: CommandSpec = {
  path: ['check', 'peer'],
  ...neighbourHelp,
  describe: 'help.check.peer',
  options: boundOptions('2s', '10s'),
  examples: [{ command: 'check peer G22', describe: 'example.checkPeer' }],
  run: (input, context) =>
    runCheck('peer', input, context, {
      form: 'duration',
      measure: async ({ health }, bounds) => {
        const { wireVersions: versions } = await import('@lienthong/link')
        return peerMeasures(health, input.text('node'), { ...bounds, versions })
      },
    }),
}

function boundOptions(warning: string, critical: string): CommandSpec['options'] {
  return {
    warning: { describe: 'option.check.warning', type: 'text', default: warning },
    critical: { describe: 'option.check.critical', type: 'text', default: critical },
    ...formatOption,
    ...nodeOptions,
  }
}

async function runCheck(check: string, input: CommandInput, context: Context, parts: CheckParts): Promise<ExitCode> {
  const bounds = { warning: boundIn(input, 'warning', parts.form), critical: boundIn(input, 'critical', parts.form) }
  let node: string | null = null
  let result: CheckResult
  try {
    const address = await chosenAddress(input, context)
    const health = await connectControl(address).health()
    node = health.id
    const measures = await parts.measure({ health, input, context, address }, bounds)
    result = { check, node, measures, failure: null }
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    if (error.code === 'USAGE') throw error
    result = { check, node, measures: [], failure: { code: error.code, level: levelOfFailure(error) } }
  }
  await print(result, formatIn(input, context), context)
  return healthLevels[levelOfResult(result)]
}

/** A node that does not answer is down; anything else says nothing of it. */
function levelOfFailure({ code }: RelayError): HealthLevel {
  return code === 'NODE_NOT_RUNNING' || code === 'NODE_UNREACHABLE' ? 'critical' : 'unknown'
}

function formatIn(input: CommandInput, context: Context): CheckFormat {
  const chosen = checkFormats.find((format) => format === input.text('format'))
  return chosen ?? (context.format === 'json' ? 'json' : 'text')
}

async function print(result: CheckResult, format: CheckFormat, context: Context): Promise<void> {
  const text = { text: textResult, nagios: nagiosResult, prometheus: prometheusResult }
  if (format === 'json')
    return context.print({ json: jsonResult(result), table: () => JSON.stringify(jsonResult(result)) })
  const written = text[format](result, context).split('\n').map(printable).join('\n')
  await context.print({ json: jsonResult(result), table: () => written })
}

/** Throws USAGE. */
function boundIn(input: CommandInput, name: 'warning' | 'critical', form: BoundForm): number | null {
  const written = input.text(name)
  if (written === undefined) return null
  const value = form === 'number' ? numberOf(written) : parseDuration(written)
  if (value === null) throw new RelayError('USAGE', { detail: { reason: `--${name} "${written}"` } })
  return form === 'duration' ? value / 1000 : value
}

function numberOf(written: string): number | null {
  return /^\d{1,9}(\.\d{1,3})?$/.test(written) ? Number(written) : null
}

/** Of the gateway by which the node was reached, of its parent's broker, and of what its node.yaml names. */
async function tlsCertificates({ health, input, context, address }: Asked): Promise<readonly EndingHealth[]> {
  const above = health.links.flatMap(({ place }) => place ?? [])
  const asked = [...('socketPath' in address ? [] : [address.url]), ...above]
  const file = await chosenFile(input, context)
  if (file === null) return seen(asked)
  const { workingDir, env } = context.terminal
  const { readNodeFile } = await import('../config/node-file.ts')
  const checked = await readNodeFile({ file, workingDir, env })
  if (!checked.ok) return seen(asked)
  const { config, http } = checked.value
  const own = http?.tls?.cert === undefined ? null : certificateIn('http.tls.cert', http.tls.cert)
  const { address: broker, public: shown } = config.broker
  const brokers = [broker.url, ...(shown === undefined ? [] : [shown.url])]
  return [...(own === null ? [] : [own]), ...(await seen([...asked, ...brokers]))]
}

/** Of the places that are reached by TLS, each once. */
async function seen(urls: readonly string[]): Promise<readonly EndingHealth[]> {
  const places = [...new Set(urls)].map((url) => tlsPlace(url, url))
  const found = await Promise.all(places.flatMap((place) => (place === null ? [] : [certificateAt(place)])))
  return found.filter((each) => each !== null)
}
