import { setTimeout as sleep } from 'node:timers/promises'
import { isRecallable, RelayError } from '@lienthong/core'
import type { SubmitReply } from '@lienthong/relay'
import type { TrackedDocument, TrackedRecipient } from '@lienthong/store'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import type { ControlClient } from '../control/client.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { documentOptions, recalledDocument } from '../recalled-document.ts'
import { documentText } from '../track-text.ts'

const [leastWaitMs, mostWaitMs] = [1000, 24 * 3_600_000]
const [firstLookMs, lastLookMs] = [100, 2000]

export const recallCommand: CommandSpec = {
  path: ['recall'],
  positionals: '[key]',
  positionalHelp: { key: 'help.track.key' },
  describe: 'help.recall',
  options: {
    reason: { describe: 'option.recall.reason', type: 'text', required: true },
    to: { describe: 'option.recall.to', type: 'list' },
    ...documentOptions,
    'take-back': { describe: 'option.recall.takeBack', type: 'flag' },
    signer: { describe: 'option.recall.signer', type: 'text' },
    wait: { describe: 'option.recall.wait', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'recall --number 123/UBND-VP --reason "Sai thể thức" --wait 1m', describe: 'example.recall' },
    {
      command: 'recall --number 123/UBND-VP --to H29.18 --take-back --reason "Gửi nhầm"',
      describe: 'example.recallTakeBack',
    },
  ],
  run: async (input, context) => {
    const waitMs = waitIn(input, context)
    const [reason, signer] = [input.required('reason'), input.text('signer')]
    const node = await chosenNode(input, context)
    const document = await recalledDocument(node, input, context)
    const { uid, from: as } = document
    const to = input.list('to').length > 0 ? input.list('to') : concerned(document)
    if (to.length === 0) {
      await context.print({
        json: { packets: [], documents: [document] },
        table: () => `${context.say('recall.nobody')}\n\n${documentText(document, context)}`,
      })
      return exitCodes.ok
    }
    const act = input.flag('take-back') ? 'take-back' : 'recall'
    const { packets } = await node.recall(uid, { as, act, reason, to, ...(signer === undefined ? {} : { signer }) })
    const { documents, pending } = await outcomes(node, { uid, packets, waitMs }, context)
    await context.print({
      json: { packets: packets.map(({ uid, recipients }) => ({ uid, recipients })), documents },
      table: () => documents.map((each) => documentText(each, context)).join('\n\n'),
    })
    if (waitMs === 0 || pending === 0) return exitCodes.ok
    await context.note(context.say('recall.pending', { count: pending, uid }))
    return exitCodes.unavailable
  },
}

/** Throws USAGE. */
function waitIn(input: CommandInput, { say }: Context): number {
  const written = input.text('wait')
  if (written === undefined) return 0
  const waitMs = parseDuration(written)
  if (waitMs === null || waitMs < leastWaitMs || waitMs > mostWaitMs) {
    throw new RelayError('USAGE', { detail: { reason: say('usage.recallWait') } })
  }
  return waitMs
}

function concerned({ recipients }: TrackedDocument): readonly string[] {
  return recipients
    .filter((recipient) => isRecallable(recipient, recipient.recall?.outcome ?? null))
    .map(({ organ }) => organ)
}

/** Looks until every recipient of these packets has an outcome, or the time is over. */
async function outcomes(
  node: ControlClient,
  { uid, packets, waitMs }: { readonly uid: string; readonly packets: readonly SubmitReply[]; readonly waitMs: number },
  context: Context,
): Promise<{ readonly documents: readonly TrackedDocument[]; readonly pending: number }> {
  const ours = new Set(packets.map((packet) => packet.uid))
  const isPending = ({ recall }: TrackedRecipient) =>
    recall?.packets.some((packet) => ours.has(packet.uid) && packet.outcome === 'unknown') === true
  const all = packets.reduce((sum, { recipients }) => sum + recipients.length, 0)
  const end = Date.now() + waitMs
  let shown = 0
  for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 2, lastLookMs)) {
    const documents = await node.track({ uid })
    const pending = documents.flatMap(({ recipients }) => recipients).filter(isPending).length
    if (waitMs > 0 && all - pending > shown) {
      shown = all - pending
      await context.note(context.say('recall.progress', { known: shown, all }))
    }
    const leftMs = end - Date.now()
    if (pending === 0 || leftMs <= 0) return { documents, pending }
    await sleep(Math.min(lookMs, leftMs))
  }
}
