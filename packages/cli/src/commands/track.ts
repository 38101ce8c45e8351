import { RelayError } from '@lienthong/core'
import type { TrackedDocument, TrackedRecipient } from '@lienthong/store'
import type { CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderBytes, renderFacts, renderTable, renderTime } from '../output.ts'
import { trackKey } from '../track-key.ts'

export const trackCommand: CommandSpec = {
  path: ['track'],
  positionals: '[key]',
  positionalHelp: { key: 'help.track.key' },
  describe: 'help.track',
  options: { number: { describe: 'option.number', type: 'text' }, ...nodeOptions },
  examples: [
    { command: 'track "000.00.00.G22,2025/06/01,123/UBND-VP"', describe: 'example.trackId' },
    { command: 'track --number 123/UBND-VP', describe: 'example.trackNumber' },
  ],
  run: async (input, context) => {
    const key = trackKey(input, context)
    const node = await chosenNode(input, context)
    const documents = await node.track(key)
    if (documents.length === 0) throw new RelayError('NOT_FOUND', { detail: { what: Object.values(key).join(' ') } })
    await context.print({
      json: { documents },
      table: () => documents.map((document) => documentText(document, context)).join('\n\n'),
    })
    return exitCodes.ok
  },
}

function documentText(document: TrackedDocument, context: Context): string {
  const { say } = context
  const facts = renderFacts([
    [say('heading.uid'), document.uid],
    [say('heading.documentId'), document.documentId],
    [say('heading.from'), document.from],
    [say('heading.number'), document.headline.number ?? ''],
    [say('heading.subject'), document.headline.subject ?? ''],
    [say('heading.size'), renderBytes(document.size)],
    [say('heading.accepted'), renderTime(document.acceptedAt)],
  ])
  const headings = [
    say('heading.recipient'),
    say('heading.state'),
    say('heading.dispatched'),
    say('heading.delivered'),
    say('heading.collected'),
    say('heading.status'),
    say('heading.path'),
  ]
  const rows = document.recipients.map((recipient) => [
    recipient.organ,
    stateText(recipient, context),
    renderTime(recipient.dispatchedAt),
    renderTime(recipient.deliveredAt),
    renderTime(recipient.collectedAt),
    statusText(recipient, context),
    (recipient.path ?? []).map(({ node }) => node).join(' → '),
  ])
  return `${facts}\n\n${renderTable(headings, rows)}`
}

function stateText({ state, overdue, provisional, code, generation }: TrackedRecipient, { say }: Context): string {
  return [
    say(`state.${state}`),
    ...(provisional ? [say('state.provisional')] : []),
    ...(overdue ? [say('state.overdue')] : []),
    ...(code === null ? [] : [code]),
    ...(generation > 1 ? [say('state.generation', { generation })] : []),
  ].join(', ')
}

/** The furthest step with its reason, and what became of a change asked for: `02 (wrong recipient), take-back …`. */
function statusText({ statusCode, statusAt, change, statuses }: TrackedRecipient, { say }: Context): string {
  const heard = statuses.find(({ code, at }) => code === statusCode && at === statusAt)
  const reason = heard?.description ?? null
  return [
    ...(statusCode === null ? [] : [String(statusCode).padStart(2, '0') + (reason === null ? '' : ` (${reason})`)]),
    ...(change === null ? [] : [say(`change.${change}`)]),
  ].join(', ')
}
