/** Alerts by webhook: signed and sent as those of document software are, but only to the one place an administrator wrote down. */
import { openHookPost } from '../hooks/post.ts'
import { openTargets } from '../hooks/targets.ts'
import type { AlertLetter, AlertWebhookOptions, TellAlert } from './contract.ts'

/** Throws CONFIG_INVALID. */
export function openAlertWebhook(
  { url, secret, ca, timeoutMs }: AlertWebhookOptions,
  now: () => number = Date.now,
): TellAlert {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const targets = openTargets([host])
  const post = openHookPost({ targets, ca, now, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
  return async (letter, signal) => {
    const { taken, error } = await post({ hook: { url }, secrets: [secret] }, messageOf(letter), signal)
    return { told: taken, refused: false, error }
  }
}

function messageOf({ id, at, data }: AlertLetter) {
  return { id, body: JSON.stringify({ type: 'alert', timestamp: new Date(at).toISOString(), data }) }
}
