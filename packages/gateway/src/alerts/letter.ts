/** What is told of some news, in words and for programs. */
import { alertBody, alertSentence, alertSubject, type Language, type NodeId, type QueuedAlert } from '@lienthong/core'
import type { AlertLetter } from './contract.ts'

/** Troubles in one message for programs, at most; `more` counts the others. */
const maxAlerts = 200

export function letterOf(language: Language, node: NodeId, { id, at, news }: QueuedAlert): AlertLetter {
  const alerts = news.slice(0, maxAlerts).map((each) => ({
    change: each.change,
    kind: each.kind,
    about: each.about,
    level: each.grade > 1 ? 'critical' : 'warning',
    since: new Date(each.since).toISOString(),
    value: each.value,
    notes: each.notes,
    text: alertSentence(language, each),
  }))
  const test: { readonly test?: true } = news.length === 0 ? { test: true } : {}
  return {
    id,
    at,
    subject: alertSubject(language, node, news),
    text: alertBody(language, node, news),
    data: { node, ...test, alerts, more: news.length - alerts.length },
  }
}
