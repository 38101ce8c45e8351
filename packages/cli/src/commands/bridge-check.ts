/** What an axis still lacks before it is connected to the one above. */
import { Readable } from 'node:stream'
import {
  type BridgeEcho,
  type BridgeFacts,
  bridgeReadiness,
  healthLevels,
  type NodeId,
  type OrganId,
  parseWhole,
  RelayError,
} from '@lienthong/core'
import type { BridgeOverlaps, Patience } from '@lienthong/relay'
import { type BridgeRow, bridgeRow, bridgeSheet, bridgeTable, overlapRows, overlapText } from '../bridge-text.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { overlapsOf } from '../control/bridge-calls.ts'
import type { ControlClient } from '../control/client.ts'
import type { ExitCode } from '../exit-codes.ts'
import { lineIn } from '../line-in.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { patienceIn, patienceOption } from '../patience.ts'
import { writeBody } from '../write-body.ts'

const defaultDays = 30
/** Nodes asked at once. */
const askedAtOnce = 16
const noteEveryMs = 2_000

export const bridgeCheckCommand: CommandSpec = {
  path: ['bridge', 'check'],
  positionals: '[token]',
  positionalHelp: { token: 'help.bridge.token' },
  describe: 'help.bridge.check',
  options: {
    days: { describe: 'option.bridge.days', type: 'text', default: String(defaultDays) },
    csv: { describe: 'option.bridge.csv', type: 'text' },
    ...patienceOption,
    ...nodeOptions,
  },
  examples: [
    { command: 'bridge check --config /etc/lienthong/node.yaml', describe: 'example.bridgeCheck' },
    { command: 'bridge check H29.token --csv thieu.csv', describe: 'example.bridgeCheckToken' },
  ],
  run: async (input, context) => {
    const statusDays = daysIn(input)
    const patience = patienceIn(input, context)
    const token = input.text('token')
    const node = await chosenNode(input, context)
    const asked = token === undefined ? null : await overlapsOf(node, await lineIn(token, context))
    const isOlder = asked !== null && 'older' in asked
    if (isOlder) await context.note(context.say('bridge.overlap.older', { parent: asked.older }))
    const overlaps = isOlder ? null : asked
    const facts = await node.bridging.facts(statusDays)
    const lines = bridgeReadiness(facts, await echoesOf(facts, { node, patience, context }), { statusDays })
    const rows = [
      ...(overlaps === null ? [] : overlapRows(overlaps, context)),
      ...lines.map((line) => bridgeRow(line, context)),
    ]
    const lacking = lines.filter(({ state, fault }) => state === 'lacking' && fault !== null).length
    const count = lacking + (overlaps?.count ?? 0)
    const isKnown = !isOlder && lines.every(({ state }) => state !== 'unknown')
    if (!(await writtenTo(input.text('csv'), rows, context))) {
      await context.print({
        json: { node: facts.node, at: facts.at, ready: count === 0 && isKnown, lacking: count, overlaps, lines },
        table: () => tableText({ overlaps, count, rows: lines.map((line) => bridgeRow(line, context)) }, context),
      })
    }
    return healthLevels[count > 0 ? 'critical' : isKnown ? 'ok' : 'unknown'] as ExitCode
  },
}

/** True when standard output has the sheet and takes nothing else. */
async function writtenTo(csv: string | undefined, rows: readonly BridgeRow[], context: Context): Promise<boolean> {
  if (csv === undefined) return false
  await writeBody(Readable.from([Buffer.from(bridgeSheet(rows, context))]), csv, context.terminal)
  return csv === '-'
}

function tableText(
  found: { readonly overlaps: BridgeOverlaps | null; readonly rows: readonly BridgeRow[]; readonly count: number },
  context: Context,
): string {
  const { overlaps, rows, count } = found
  const first = overlaps === null || overlaps.joined ? [] : [overlapText(overlaps, context), '']
  const end = count === 0 ? context.say('bridge.ready') : context.say('bridge.lacks', { count })
  return [...first, bridgeTable(rows, context), '', end].join('\n')
}

/** Throws USAGE. */
function daysIn(input: CommandInput): number {
  const written = input.text('days') ?? String(defaultDays)
  const days = parseWhole(written)
  if (days === null || days < 1 || days > 400)
    throw new RelayError('USAGE', { detail: { reason: `--days "${written}"` } })
  return days
}

/** Each node that can be asked is asked once, by the way of documents. */
async function echoesOf(
  { node: self, nodes }: BridgeFacts,
  parts: { readonly node: ControlClient; readonly patience: Patience; readonly context: Context },
): Promise<ReadonlyMap<NodeId, BridgeEcho>> {
  const { node: client, patience, context } = parts
  const asked = nodes.flatMap(({ node, joined, organ }): readonly (readonly [NodeId, OrganId])[] =>
    joined && organ !== null && node !== self ? [[node, organ]] : [],
  )
  const echoes = new Map<NodeId, BridgeEcho>()
  const waiting = asked.values()
  const timer = setInterval(() => {
    void context.note(context.say('bridge.asked', { done: echoes.size, all: asked.length }))
  }, noteEveryMs)
  try {
    await Promise.all(
      Array.from({ length: askedAtOnce }, async () => {
        for (const [node, organ] of waiting) echoes.set(node, await client.diagnosis.ping(organ, patience))
      }),
    )
  } finally {
    clearInterval(timer)
  }
  return echoes
}
