/** The ways alerts are told on, and a message that tries them. */
import { randomUUID } from 'node:crypto'
import type { Language, NodeId } from '@lienthong/core'
import { type AlertAttempt, type AlertWayName, type AlertWays, alertWayNames, type TellAlert } from './contract.ts'
import { letterOf } from './letter.ts'
import { openMail } from './mail.ts'
import { openAlertWebhook } from './webhook.ts'

/** Throws CONFIG_INVALID. */
export function openWays(
  { mail, webhook }: AlertWays,
  now: () => number = Date.now,
): Readonly<Partial<Record<AlertWayName, TellAlert>>> {
  return {
    ...(mail === null ? {} : { mail: openMail(mail) }),
    ...(webhook === null ? {} : { webhook: openAlertWebhook(webhook, now) }),
  }
}

/** Tells one message on each way, once, and says how each went. Throws CONFIG_INVALID. */
export async function testAlerts(
  ways: AlertWays,
  { node, language }: { readonly node: NodeId; readonly language: Language },
): Promise<readonly (AlertAttempt & { readonly way: AlertWayName })[]> {
  const tell = openWays(ways)
  const letter = letterOf(language, node, { id: randomUUID(), at: Date.now(), news: [] })
  const attempts = alertWayNames.map(async (way) => {
    const attempt = await tell[way]?.(letter)
    return attempt === undefined ? [] : [{ way, ...attempt }]
  })
  return (await Promise.all(attempts)).flat()
}
