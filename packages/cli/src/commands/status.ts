import type { NodeStatus } from '@lienthong/relay'
import type { CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts } from '../output.ts'

export const statusCommand: CommandSpec = {
  path: ['status'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.status',
  options: nodeOptions,
  examples: [{ command: 'status --config /etc/lienthong/node.yaml', describe: 'example.status' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const status = await node.status()
    await context.print({ json: status, table: () => statusText(status, context) })
    return exitCodes.ok
  },
}

function statusText(status: NodeStatus, context: Context): string {
  const { say } = context
  return renderFacts([
    [say('heading.node'), status.id],
    [say('heading.tier'), status.tier],
    [say('heading.broker'), brokerText(status.broker, context)],
    [say('heading.link'), linkText(status.link, context)],
    [say('heading.backlog'), say('status.backlog', status.backlog)],
    [say('heading.assemblies'), String(status.openAssemblies)],
    [
      say('heading.versions'),
      say('status.versions', { table: status.tableVersion, directory: status.directoryVersion }),
    ],
    [say('heading.instance'), status.instance],
  ])
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
