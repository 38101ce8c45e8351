import { parseWhole, RelayError } from '@lienthong/core'
import type { PingReply } from '@lienthong/relay'
import type { CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { patienceIn, patienceOption } from '../patience.ts'

const maxCount = 1000

export const pingCommand: CommandSpec = {
  path: ['ping'],
  positionals: '<organ>',
  positionalHelp: { organ: 'help.diagnosis.organ' },
  describe: 'help.ping',
  options: {
    count: { describe: 'option.ping.count', type: 'text', default: '4' },
    ...patienceOption,
    ...nodeOptions,
  },
  examples: [{ command: 'ping H29.18 --count 4', describe: 'example.ping' }],
  run: async (input, context) => {
    const count = parseWhole(input.text('count') ?? '4')
    if (count === null || count < 1 || count > maxCount) {
      throw new RelayError('USAGE', { detail: { reason: context.say('usage.pingCount') } })
    }
    const patience = patienceIn(input, context)
    const node = await chosenNode(input, context)
    const replies: PingReply[] = []
    for (let number = 1; number <= count; number += 1) {
      const reply = await node.diagnosis.ping(input.required('organ'), patience)
      replies.push(reply)
      if (number < count) await context.note(replyText(reply, number, context))
    }
    const times = replies.flatMap(({ ms }) => (ms === null ? [] : [ms]))
    const sum = sumOf(times)
    await context.print({
      json: { sent: count, answered: times.length, times: sum, replies },
      table: () => {
        const last = replies.at(-1)
        const line = last === undefined ? '' : replyText(last, count, context)
        return `${line}\n${sumText({ sent: count, times }, context)}`
      },
    })
    return times.length === 0 ? exitCodes.unavailable : exitCodes.ok
  },
}

function replyText({ node, ms }: PingReply, number: number, { say }: Context): string {
  return ms === null ? say('ping.none', { node, number }) : say('ping.reply', { node, number, ms: shown(ms) })
}

function sumText({ sent, times }: { readonly sent: number; readonly times: readonly number[] }, { say }: Context) {
  const sum = sumOf(times)
  if (sum === null) return say('ping.sumNone', { sent })
  const values = { min: shown(sum.minMs), avg: shown(sum.avgMs), max: shown(sum.maxMs) }
  return say('ping.sum', { sent, answered: times.length, ...values })
}

function sumOf(times: readonly number[]) {
  if (times.length === 0) return null
  const avgMs = times.reduce((sum, ms) => sum + ms, 0) / times.length
  return { minMs: Math.min(...times), avgMs, maxMs: Math.max(...times) }
}

function shown(ms: number): string {
  return ms.toFixed(1)
}
