/** Commands about alerts: those of this machine, by its files, so that they work when the node does not. */
import { resolve } from 'node:path'
import { type PlainPhraseKey, RelayError } from '@lienthong/core'
import type { AlertBook, AlertWayName } from '@lienthong/gateway/alerts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenFile, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable, renderTime } from '../output.ts'

const { data, config } = nodeOptions

export const alertTestCommand: CommandSpec = {
  path: ['alert', 'test'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.alert.test',
  options: { config },
  examples: [{ command: 'alert test --config /etc/lienthong/node.yaml', describe: 'example.alertTest' }],
  run: async (input, context) => {
    const { workingDir, env } = context.terminal
    const [{ readNodeFile }, { testAlerts }] = await Promise.all([
      import('../config/node-file.ts'),
      import('@lienthong/gateway/alerts'),
    ])
    const settings = valueOrRefuse(await readNodeFile({ file: await fileOf(input, context), workingDir, env }))
    if (settings.alerts === null) throw new RelayError('NOT_FOUND', { detail: { what: 'alerts' } })
    const { ways, language } = settings.alerts
    const attempts = await testAlerts(ways, { node: settings.config.id, language })
    await context.print({
      json: { items: attempts.map(({ way, told, error }) => ({ way, told, error })) },
      table: () =>
        renderFacts(
          attempts.map(({ way, told, error }) => [
            context.say(`alert.way.${way}`),
            [...(told ? [context.say('alert.sent')] : []), ...(error === null ? [] : [error])].join('; '),
          ]),
        ),
    })
    return attempts.every(({ told }) => told) ? exitCodes.ok : exitCodes.unavailable
  },
}

export const alertListCommand: CommandSpec = {
  path: ['alert', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.alert.list',
  options: { data, config },
  examples: [{ command: 'alert list', describe: 'example.alertList' }],
  run: async (input, context) => {
    const { readAlertBook } = await import('@lienthong/gateway/alerts')
    const book = await readAlertBook(await dataDirOf(input, context))
    if (book === null) throw new RelayError('FILE_UNREADABLE', { detail: { file: 'alerts.json', reason: 'JSON' } })
    const alerts = book.conditions.filter(({ phase }) => phase !== 'over')
    const ways = (['mail', 'webhook'] as const).map((way) => {
      const { queue, nextAt, lastError } = book.ways[way]
      return { way, queued: queue.length, nextAt: queue.length === 0 ? null : nextAt, lastError }
    })
    await context.print({ json: { alerts, ways }, table: () => listText(alerts, ways, context) })
    return exitCodes.ok
  },
}

interface WayFacts {
  readonly way: AlertWayName
  readonly queued: number
  readonly nextAt: number | null
  readonly lastError: string | null
}

function listText(alerts: AlertBook['conditions'], ways: readonly WayFacts[], { say }: Context): string {
  const headings = [say('heading.alert'), say('heading.about'), say('heading.state'), say('heading.since')]
  const rows = alerts.map(({ kind, about, phase, since }) => [
    say(`alert.kind.${kind}`),
    about,
    phase in phaseKeys ? say(phaseKeys[phase as keyof typeof phaseKeys]) : phase,
    renderTime(since),
  ])
  const table = rows.length === 0 ? say('alert.none') : renderTable(headings, rows)
  const facts = ways.map(({ way, queued, nextAt, lastError }): [string, string] => {
    const waits =
      queued === 0 ? say('alert.nothingQueued') : say('alert.queued', { count: queued, at: renderTime(nextAt) })
    return [say(`alert.way.${way}`), lastError === null ? waits : `${waits}; ${lastError}`]
  })
  return `${table}\n\n${renderFacts(facts)}`
}

const phaseKeys = { pending: 'alert.phase.pending', raised: 'alert.phase.raised' } as const satisfies Record<
  string,
  PlainPhraseKey
>

async function fileOf(input: CommandInput, context: Context): Promise<string> {
  const file = await chosenFile(input, context)
  if (file === null) throw new RelayError('USAGE', { detail: { reason: context.say('usage.whichNode') } })
  return file
}

async function dataDirOf(input: CommandInput, context: Context): Promise<string> {
  const { workingDir } = context.terminal
  const named = input.text('data')
  if (named !== undefined) return resolve(workingDir, named)
  const { readDataDir } = await import('../config/place-node-file.ts')
  return valueOrRefuse(await readDataDir({ file: await fileOf(input, context), workingDir }))
}
