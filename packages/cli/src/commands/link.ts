/** Commands about the links of a node, and what one orders of them. */
import { type LinkStop, RelayError } from '@lienthong/core'
import type { LinkView } from '@lienthong/relay'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { parseInstant } from '../config/instant.ts'
import { parseBytes, parseDuration } from '../config/units.ts'
import { exitCodes } from '../exit-codes.ts'
import { orderText, queuedText, reasonsText } from '../link-text.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable, renderTime } from '../output.ts'

const neighbourHelp = { positionals: '<node>', positionalHelp: { node: 'help.link.neighbour' } } as const
const orderOptions = {
  until: { describe: 'option.link.until', type: 'text' },
  reason: { describe: 'option.link.reason', type: 'text' },
  ...nodeOptions,
} as const satisfies Record<string, OptionSpec>

export const linkListCommand: CommandSpec = {
  path: ['link', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.link.list',
  options: nodeOptions,
  examples: [{ command: 'link list', describe: 'example.linkList' }],
  run: async (input, context) => {
    const links = await (await chosenNode(input, context)).links.list()
    await context.print({ json: { items: links }, table: () => linkTable(links, context) })
    return exitCodes.ok
  },
}

export const linkShowCommand: CommandSpec = {
  path: ['link', 'show'],
  ...neighbourHelp,
  describe: 'help.link.show',
  options: nodeOptions,
  examples: [{ command: 'link show G22', describe: 'example.linkShow' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    return printLink(await node.links.get(input.required('node')), context)
  },
}

export const linkPauseCommand: CommandSpec = {
  path: ['link', 'pause'],
  ...neighbourHelp,
  describe: 'help.link.pause',
  options: orderOptions,
  examples: [{ command: 'link pause G22 --until 2h --reason "bảo trì"', describe: 'example.linkPause' }],
  run: (input, context) => stopLink('pause', input, context),
}

export const linkDrainCommand: CommandSpec = {
  path: ['link', 'drain'],
  ...neighbourHelp,
  describe: 'help.link.drain',
  options: orderOptions,
  examples: [{ command: 'link drain G22', describe: 'example.linkDrain' }],
  run: (input, context) => stopLink('drain', input, context),
}

export const linkResumeCommand: CommandSpec = {
  path: ['link', 'resume'],
  ...neighbourHelp,
  describe: 'help.link.resume',
  options: nodeOptions,
  examples: [{ command: 'link resume G22', describe: 'example.linkResume' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    return printLink(await node.links.resume(input.required('node'), actor()), context)
  },
}

export const linkThrottleCommand: CommandSpec = {
  path: ['link', 'throttle'],
  ...neighbourHelp,
  describe: 'help.link.throttle',
  options: {
    rate: { describe: 'option.link.rate', type: 'text' },
    off: { describe: 'option.link.off', type: 'flag' },
    reason: orderOptions.reason,
    ...nodeOptions,
  },
  examples: [
    { command: 'link throttle G22 --rate 500KiB', describe: 'example.linkThrottle' },
    { command: 'link throttle G22 --off', describe: 'example.linkThrottleOff' },
  ],
  run: async (input, context) => {
    const written = input.text('rate')
    const rate = written === undefined ? null : parseBytes(written)
    if ((written === undefined) !== input.flag('off') || (written !== undefined && (rate === null || rate === 0))) {
      throw new RelayError('USAGE', {
        detail: { reason: written === undefined ? '--rate, --off' : `--rate "${written}"` },
      })
    }
    const node = await chosenNode(input, context)
    const request = { bytesPerSecond: rate, reason: input.text('reason') ?? '' }
    return printLink(await node.links.throttle(input.required('node'), request, actor()), context)
  },
}

async function stopLink(stop: LinkStop, input: CommandInput, context: Context) {
  const request = { stop, until: untilIn(input), reason: input.text('reason') ?? '' }
  const node = await chosenNode(input, context)
  return printLink(await node.links.stop(input.required('node'), request, actor()), context)
}

/** Throws USAGE. */
function untilIn(input: CommandInput): number | null {
  const written = input.text('until')
  if (written === undefined) return null
  const lasting = parseDuration(written)
  const until = lasting === null ? parseInstant(written) : Date.now() + lasting
  if (until === null) throw new RelayError('USAGE', { detail: { reason: `--until "${written}"` } })
  return until
}

async function printLink(link: LinkView, context: Context) {
  const { say } = context
  await context.print({
    json: link,
    table: () =>
      renderFacts([
        [say('heading.neighbour'), link.neighbour],
        [say('heading.direction'), say(`link.${link.direction}`)],
        [say('heading.state'), say(`link.${link.phase}`)],
        [say('heading.since'), renderTime(link.since)],
        [say('heading.why'), reasonsText(link.reasons, context)],
        [say('heading.waiting'), String(link.copies)],
        [say('heading.oldest'), renderTime(link.oldestAt)],
        [say('heading.queued'), queuedText(link, context)],
        [say('heading.order'), orderText(link, context)],
      ]),
  })
  return exitCodes.ok
}

export function linkTable(links: readonly LinkView[], context: Context): string {
  const { say } = context
  if (links.length === 0) return say('link.none')
  const headings = [
    say('heading.neighbour'),
    say('heading.direction'),
    say('heading.state'),
    say('heading.since'),
    say('heading.waiting'),
    say('heading.oldest'),
    say('heading.queued'),
    say('heading.why'),
  ]
  const rows = links.map((link) => [
    link.neighbour,
    say(`link.${link.direction}`),
    say(`link.${link.phase}`),
    renderTime(link.since),
    String(link.copies),
    renderTime(link.oldestAt),
    queuedText(link, context),
    reasonsText(link.reasons, context),
  ])
  return renderTable(headings, rows)
}
