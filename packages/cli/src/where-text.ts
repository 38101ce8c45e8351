/** Where a document is, why, and what to do about it, in words for people. */
import type { Whereabouts } from '@lienthong/core'
import type { WhereDocument, WhereRecipient } from '@lienthong/relay'
import type { Context } from './command.ts'
import { reasonsText } from './link-text.ts'
import { renderFacts, renderTable, renderTime } from './output.ts'

export function whereText(document: WhereDocument, context: Context): string {
  const { say } = context
  const facts = renderFacts([
    [say('heading.uid'), document.uid],
    ...(document.documentId === null ? [] : [[say('heading.documentId'), document.documentId] as const]),
    ...(document.number === null ? [] : [[say('heading.number'), document.number] as const]),
    [say('heading.from'), document.from ?? document.origin],
    ...(document.acceptedAt === null ? [] : [[say('heading.accepted'), renderTime(document.acceptedAt)] as const]),
  ])
  const headings = [
    say('heading.recipient'),
    say('heading.place'),
    say('heading.node'),
    say('heading.since'),
    say('heading.why'),
  ]
  const rows = document.recipients.map(({ organ, whereabouts }) => [
    organ,
    placeText(whereabouts, context),
    nodeText(whereabouts, context),
    renderTime(whereabouts.since),
    whyText(whereabouts, context),
  ])
  const advice = document.recipients.map((recipient) =>
    say('where.do', { recipient: recipient.organ, advice: adviceText(recipient, document, context) }),
  )
  const left = document.left === 0 ? [] : [say('where.left', { left: document.left })]
  return [facts, renderTable(headings, rows), [...advice, ...left].join('\n')].join('\n\n')
}

function placeText({ place, part }: Whereabouts, { say }: Context): string {
  const what = say(`where.place.${place}`)
  return part === null ? what : say('where.part', { what, newest: part[0], of: part[1] })
}

function nodeText({ holder, from, next }: Whereabouts, { say }: Context): string {
  return from === null || next === null ? (holder ?? '') : say('where.hop', { from, next })
}

function whyText({ link, from, next, code, silent, certain }: Whereabouts, context: Context): string {
  const { say } = context
  const why: string[] = []
  if (link !== null && from !== null && next !== null) {
    const since = link.since === null ? [] : [say('where.linkSince', { since: renderTime(link.since) })]
    const phase = say(`link.${link.phase}`)
    const reasons = reasonsText(link.reasons, context)
    const held = say('where.heldByLink', { from, next, phase })
    why.push([held, ...(reasons === '' ? [] : [reasons]), ...since].join(', '))
    if (link.queued !== null && link.queued > 0) why.push(say('where.queued', { count: link.queued }))
  }
  if (code !== null) why.push(code)
  if (silent.length > 0) why.push(say('where.silent', { nodes: silent.join(', ') }))
  if (!certain) why.push(say('where.uncertain'))
  return why.join('; ')
}

function adviceText({ organ, whereabouts }: WhereRecipient, { origin, uid }: WhereDocument, { say }: Context): string {
  const { place, code } = whereabouts
  const holder = whereabouts.holder ?? ''
  switch (place) {
    case 'collected':
    case 'stopped':
      return say('where.do.nothing')
    case 'delivered':
      if (code === 'RECEIVER_SPLIT') return say('where.do.decide', { holder, recipient: organ, uid })
      return say('where.do.collect', { holder, recipient: organ })
    case 'undeliverable':
      return say('where.do.again', { code: code ?? '' })
    case 'dead':
      return say('where.do.dead', { holder, code: code ?? '' })
    case 'unseen':
      return say('where.do.origin', { origin })
    case 'in-hand':
      return say('where.do.wait')
    case 'waiting':
    case 'on-link':
    case 'dropped':
      return hopAdvice(whereabouts, say)
  }
}

/** It waits before a hop: what was ordered, then what is broken, then nothing but time. */
function hopAdvice({ from, next, link, silent }: Whereabouts, say: Context['say']): string {
  if (from === null || next === null) return say('where.do.wait')
  const has = (...words: readonly string[]) => words.some((word) => link?.reasons.includes(word))
  if (has('pause', 'drain')) return say('where.do.resume', { from, next })
  if (has('hold')) return say('where.do.hold', { from })
  if (has('silent', 'never-heard', 'canary-missing')) return say('where.do.start', { next })
  if (link !== null && link.phase !== 'open') return say('where.do.link', { from, next })
  return silent.includes(next) ? say('where.do.start', { next }) : say('where.do.wait')
}
