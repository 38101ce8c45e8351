/** What node.yaml says of alerts, with the files it names. */
import { type Language, phrase } from '@lienthong/core'
import type { AlertWays } from '@lienthong/gateway/alerts'
import type { PemFiles, SayAt } from './pem-files.ts'
import type { NodeFile, SecretSource } from './schema.ts'

export interface AlertSettings {
  readonly ways: AlertWays
  readonly everyMs: number
  readonly remindAfterMs: number
  readonly language: Language
}

interface Readers {
  readonly pem: PemFiles
  readonly refuse: SayAt
  readonly secret: (path: readonly PropertyKey[], source: SecretSource) => Promise<string | null>
}

type Alerts = NonNullable<NodeFile['alerts']>

/** null: nobody is told anything. */
export async function readAlertSettings(alerts: NodeFile['alerts'], readers: Readers): Promise<AlertSettings | null> {
  if (alerts === undefined) return null
  const { mail, webhook, every, remindAfter, language } = alerts
  if (mail === undefined && webhook === undefined) {
    readers.refuse(['alerts'], (said) => phrase(said, 'config.alertNowhere'))
  }
  return {
    ways: {
      mail: mail === undefined ? null : await readMail(mail, readers),
      webhook: webhook === undefined ? null : await readWebhook(webhook, readers),
    },
    everyMs: every,
    remindAfterMs: remindAfter,
    language,
  }
}

async function readMail(
  { smtp, from, to, user, password, ca }: NonNullable<Alerts['mail']>,
  { pem, refuse, secret }: Readers,
): Promise<AlertWays['mail']> {
  const path = ['alerts', 'mail']
  if ((user === undefined) !== (password === undefined)) {
    refuse([...path, user === undefined ? 'password' : 'user'], (said) => phrase(said, 'config.mailLogin'))
  }
  const found = password === undefined ? null : await secret([...path, 'password'], password)
  return {
    smtp,
    from,
    to,
    login: user === undefined ? null : { user, password: found ?? '' },
    ca: ca === undefined ? null : await pem.authorities([...path, 'ca'], ca),
  }
}

async function readWebhook(
  webhook: NonNullable<Alerts['webhook']>,
  { pem, refuse, secret }: Readers,
): Promise<AlertWays['webhook']> {
  const path = ['alerts', 'webhook']
  const found = await secret([...path, 'secret'], webhook.secret)
  if (found !== null && !isHookSecret(found)) {
    refuse([...path, 'secret'], (said) => phrase(said, 'config.hookSecret'))
  }
  const ca = webhook.ca === undefined ? null : await pem.authorities([...path, 'ca'], webhook.ca)
  return { url: webhook.url, secret: found ?? '', ca }
}

/** As Standard Webhooks has it: 24 to 64 bytes. */
function isHookSecret(written: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/.exec(written) ?? []
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64
}
