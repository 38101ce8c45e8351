import type { TracedHop, TraceReply } from '@lienthong/relay'
import type { CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { reasonsText } from '../link-text.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTable, renderTime } from '../output.ts'
import { patienceIn, patienceOption } from '../patience.ts'

export const traceCommand: CommandSpec = {
  path: ['trace'],
  positionals: '<organ>',
  positionalHelp: { organ: 'help.diagnosis.organ' },
  describe: 'help.trace',
  options: { ...patienceOption, ...nodeOptions },
  examples: [{ command: 'trace H26.10', describe: 'example.trace' }],
  run: async (input, context) => {
    const patience = patienceIn(input, context)
    const node = await chosenNode(input, context)
    if (context.format === 'table') await context.note(context.say('diagnosis.asking'))
    const reply = await node.diagnosis.trace(input.required('organ'), patience)
    await context.print({ json: reply, table: () => traceText(reply, context) })
    return reply.broken === null ? exitCodes.ok : exitCodes.unavailable
  },
}

function traceText({ hops, broken }: TraceReply, context: Context): string {
  const { say } = context
  const headings = [
    say('heading.hop'),
    say('heading.node'),
    say('heading.tier'),
    say('heading.roundTrip'),
    say('heading.versions'),
    say('heading.next'),
    say('heading.state'),
    say('heading.since'),
    say('heading.why'),
  ]
  const table = renderTable(
    headings,
    hops.map((hop, place) => [String(place + 1), ...cells(hop, context)]),
  )
  return `${table}\n\n${brokenText(broken, context)}`
}

function cells({ node, tier, ms, tableVersion, directoryVersion, next, link }: TracedHop, context: Context) {
  const { say } = context
  if (ms === null) return [node, tier, say('diagnosis.silent')]
  return [
    node,
    tier,
    `${ms.toFixed(1)} ms`,
    say('status.versions', { table: tableVersion ?? 0, directory: directoryVersion ?? 0 }),
    next ?? '',
    link === null ? '' : say(`link.${link.phase}`),
    renderTime(link?.since ?? null),
    reasonsText(link?.reasons ?? [], context),
  ]
}

function brokenText(broken: TraceReply['broken'], { say }: Context): string {
  if (broken === null) return say('trace.whole')
  return broken.from === null ? say('trace.self') : say('trace.broken', { from: broken.from, to: broken.to })
}
