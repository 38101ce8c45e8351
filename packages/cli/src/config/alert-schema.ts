/** The shape of `alerts` in node.yaml. */
import { languages, phrase } from '@lienthong/core'
import { isThisMachine } from '@lienthong/gateway/alerts'
import { z } from 'zod'
import { nodeFileDefaults as defaults } from './defaults.ts'
import { refusal } from './refusal.ts'

/** `truc@tinh.example`, or `Trực <truc@tinh.example>`: one address, and nothing that would begin another header. */
const address = z.string().superRefine((value, context) => {
  const plain = /^(?:[^<>,;:"\p{Cc}]*<([^<>]+)>|([^<>]+))$/u.exec(value)
  const [local = '', domain = '', ...more] = (plain?.[1] ?? plain?.[2] ?? '').split('@')
  const isAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local) && /^[\p{L}\p{N}.-]{1,253}$/u.test(domain)
  if (!isAddress || more.length > 0) context.addIssue(refusal((language) => phrase(language, 'config.mailAddress')))
})

const smtp = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    context.addIssue(refusal((language) => phrase(language, 'config.smtp')))
  } else if (url.username !== '' || url.password !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.urlCredentials')))
  } else if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.smtp')))
  }
})

const hookUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue(refusal((language) => phrase(language, 'config.hookUrl')))
  } else if (url.username !== '' || url.password !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.urlCredentials')))
  } else if (url.protocol === 'http:' && !isThisMachine(url.hostname.replace(/^\[|\]$/g, ''))) {
    context.addIssue(refusal((language) => phrase(language, 'config.hookTls')))
  }
})

/** `parts`: how node.yaml writes texts, times and secrets. */
export function alertSchema<Text extends z.ZodType, Time extends z.ZodType, Secret extends z.ZodType>(parts: {
  readonly text: Text
  readonly duration: Time
  readonly secret: Secret
}) {
  const { text, duration, secret } = parts
  return z.strictObject({
    mail: z
      .strictObject({
        smtp,
        from: address,
        to: z.array(address).min(1),
        user: text.exactOptional(),
        password: secret.exactOptional(),
        ca: text.exactOptional(),
      })
      .optional(),
    webhook: z.strictObject({ url: hookUrl, secret, ca: text.exactOptional() }).optional(),
    every: duration.prefault(defaults.alerts.every as z.input<Time>),
    remindAfter: duration.prefault(defaults.alerts.remindAfter as z.input<Time>),
    language: z.enum(languages).prefault(defaults.alerts.language),
  })
}
