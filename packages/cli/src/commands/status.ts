import { Readable } from 'node:stream'
import { type Coverage, RelayError } from '@lienthong/core'
import type { NodeHealth, NodeStatus } from '@lienthong/relay'
import type { CommandSpec, Context } from '../command.ts'
import { coverageSheet, coverageTable } from '../coverage-text.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderBytes, renderFacts, renderTime } from '../output.ts'
import { writeBody } from '../write-body.ts'
import { linkTable } from './link.ts'

const dayMs = 86_400_000

export const statusCommand: CommandSpec = {
  path: ['status'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.status',
  options: {
    coverage: { describe: 'option.coverage', type: 'flag' },
    csv: { describe: 'option.coverage.csv', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'status --config /etc/lienthong/node.yaml', describe: 'example.status' },
    { command: 'status --coverage --csv thieu.csv', describe: 'example.statusCoverage' },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const csv = input.text('csv')
    if (input.flag('coverage')) return showCoverage(await node.coverage(), csv, context)
    if (csv !== undefined) throw new RelayError('USAGE', { detail: { reason: '--csv: --coverage' } })
    const health = await node.health()
    await context.print({ json: health, table: () => healthText(health, context) })
    return exitCodes.ok
  },
}

async function showCoverage(coverage: Coverage, csv: string | undefined, context: Context): Promise<ExitCode> {
  if (csv !== undefined) {
    const sheet = Buffer.from(coverageSheet(coverage.nodes, context))
    await writeBody(Readable.from([sheet]), csv, context.terminal)
    if (csv === '-') return exitCodes.ok
    await context.note(context.say('coverage.written', { count: coverage.nodes.length, file: csv }))
  }
  await context.print({ json: coverage, table: () => coverageTable(coverage, context) })
  return exitCodes.ok
}

function healthText(health: NodeHealth, context: Context): string {
  const { say } = context
  const facts = renderFacts([
    [say('heading.node'), health.id],
    [say('heading.tier'), health.tier],
    [say('heading.broker'), brokerText(health.broker, context)],
    [say('heading.link'), linkText(health.link, context)],
    [say('heading.backlog'), say('status.backlog', health.backlog)],
    [say('heading.oldest'), renderTime(health.oldestDocumentAt)],
    [
      say('heading.mailboxes'),
      say('status.mailboxes', { documents: health.waiting.document, statuses: health.waiting.status }),
    ],
    ...(health.handover === 0
      ? []
      : [[say('heading.handover'), say('status.handover', { rows: health.handover })] as const]),
    [say('heading.deadLetters'), String(health.deadLetters)],
    [say('heading.assemblies'), String(health.openAssemblies)],
    [
      say('heading.versions'),
      say('status.versions', { table: health.tableVersion, directory: health.directoryVersion }),
    ],
    ...directoryFacts(health, context),
    [say('heading.disk'), diskText(health, context)],
    ...health.keys.map(({ name, endsAt, inUse }) => {
      const text = endText(endsAt, health.at, context)
      return [name, inUse ? say('status.inUse', { text }) : text] as const
    }),
    ...health.certificates.map(({ name, endsAt }) => [name, endText(endsAt, health.at, context)] as const),
    [say('heading.instance'), health.instance],
  ])
  return health.links.length === 0 ? facts : `${facts}\n\n${linkTable(health.links, context)}`
}

/** Neighbours with another directory; nothing for those that have the same. */
function directoryFacts({ directories }: NodeHealth, { say }: Context): readonly (readonly [string, string])[] {
  if (directories === null) return []
  const others = directories.flatMap(({ node, differsSince }) =>
    differsSince === null ? [] : [say('status.directoryDiffers', { node, since: renderTime(differsSince) })],
  )
  const same = say('status.directorySame', { count: directories.length - others.length })
  return [[say('heading.directory'), [same, ...others].join('; ')]]
}

function diskText({ disk }: NodeHealth, { say }: Context): string {
  if (disk === null) return ''
  return say('status.disk', { free: renderBytes(disk.freeBytes), total: renderBytes(disk.totalBytes) })
}

function endText(endsAt: number | null, at: number, { say }: Context): string {
  if (endsAt === null) return say('status.noEnd')
  return `${renderTime(endsAt)}, ${say('status.daysLeft', { days: Math.floor((endsAt - at) / dayMs) })}`
}

function brokerText({ open, blocked, lastError }: NodeStatus['broker'], { say }: Context): string {
  const state = say(open ? 'status.brokerOpen' : 'status.brokerClosed')
  return [
    state,
    ...(blocked === null ? [] : [say('status.blocked', { reason: blocked })]),
    ...(open || lastError === null ? [] : [lastError]),
  ].join(', ')
}

/** `open, 12 ms`; used by `node run` too. */
export function linkText(link: NodeStatus['link'], { say }: Context): string {
  if (link === null) return say('status.noParent')
  const canary = link.canaryMs === null ? [] : [`${Math.round(link.canaryMs)} ms`]
  return [say(`link.${link.phase}`), ...link.reasons, ...canary].join(', ')
}
