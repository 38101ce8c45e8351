/** A sent document for people: where it is, what was said of it, and what became of taking it back. */
import { closedCodeText, documentTypes, statusCodes } from '@lienthong/core'
import type { TrackedDocument, TrackedRecipient } from '@lienthong/store'
import type { Context } from './command.ts'
import { renderBytes, renderFacts, renderTable, renderTime } from './output.ts'
import { printable } from './printable.ts'

/** Codes written out in one sentence, at most. */
const namedOrgans = 10

/** A sent document and how it stands with each recipient. */
export function documentText(document: TrackedDocument, context: Context): string {
  const { say } = context
  const type = packetType(document)
  const recalled = document.recipients.some(({ recall }) => recall !== null)
  const facts = renderFacts([
    [say('heading.uid'), document.uid],
    [say('heading.documentId'), document.documentId],
    ...(type === null ? [] : [[say('heading.type'), say(`packetType.${type}`)] as const]),
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
    ...(recalled ? [say('heading.recall')] : []),
    say('heading.path'),
  ]
  const rows = document.recipients.map((recipient) => [
    recipient.organ,
    stateText(recipient, context),
    renderTime(recipient.dispatchedAt),
    renderTime(recipient.deliveredAt),
    renderTime(recipient.collectedAt),
    statusText(recipient, context),
    ...(recalled ? [recallText(recipient, context)] : []),
    (recipient.path ?? []).map(({ node }) => node).join(' → '),
  ])
  const closed = closedLines(document, context)
  return [
    facts,
    renderTable(headings, rows),
    ...(closed.length > 0 ? [closed.join('\n')] : []),
    ...(recalled ? [recallLines(document, context)] : []),
  ].join('\n\n')
}

/** Who gets it in the place of whom. */
function closedLines({ recipients }: TrackedDocument, { language }: Context): readonly string[] {
  return recipients.flatMap(({ closed, state }) =>
    closed.map((each) => `- ${printable(closedCodeText(language, each, state))}`),
  )
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

function packetType({ kind, businessType }: Pick<TrackedDocument, 'kind' | 'businessType'>) {
  if (kind === 'status') return businessType === statusCodes.takeBack ? 'takeBack' : null
  const types = ['recall', 'update', 'replacement'] as const
  return types.find((name) => documentTypes[name] === businessType) ?? null
}

/** The outcome, and when it took effect. */
function recallText({ recall }: TrackedRecipient, { say }: Context): string {
  if (recall === null) return ''
  const effectAt = recall.packets.find(({ outcome }) => outcome === recall.outcome)?.effectAt ?? null
  return [say(`recallOutcome.${recall.outcome}`), ...(effectAt === null ? [] : [renderTime(effectAt)])].join(', ')
}

/** Which packets asked for it, and what is to be done where that was not enough. */
function recallLines({ recipients }: TrackedDocument, { say }: Context): string {
  const recalls = recipients.flatMap(({ organ, recall }) => (recall === null ? [] : [{ organ, ...recall }]))
  const packets = new Map(recalls.flatMap((recall) => recall.packets).map((packet) => [packet.uid, packet]))
  const asked = [...packets.values()].map(({ sentAt, uid, ...packet }) => {
    const type = say(`packetType.${packetType(packet) ?? 'recall'}`)
    return say('recall.by', { type, time: renderTime(sentAt), uid })
  })
  const uid = [...packets.keys()].at(-1) ?? ''
  const advice = (['asked', 'refused', 'unknown'] as const).flatMap((outcome) => {
    const organs = recalls.filter((recall) => recall.outcome === outcome).map(({ organ }) => organ)
    if (organs.length === 0) return []
    const first = organs.slice(0, namedOrgans).join(', ')
    const count = organs.length - namedOrgans
    return [
      say(`recallAdvice.${outcome}`, {
        organs: count > 0 ? say('recall.andMore', { organs: first, count }) : first,
        uid,
      }),
    ]
  })
  return [...asked, ...advice].map((line) => `- ${line}`).join('\n')
}
