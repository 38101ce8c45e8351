/** A mail server that keeps what it is given, and refuses what it is told to. */
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Teardown } from './teardown.ts'

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly secure: boolean
  readonly user: string | null
  /** As it came, headers first. */
  readonly raw: string
}

export interface MailSink {
  readonly port: number
  readonly mails: Mail[]
  /** Says what is wrong with a message; null takes it. */
  refuse: (mail: Mail) => { readonly code: number; readonly text: string } | null
}

/** On a free port of this machine, in the clear unless `options` have a key. The password of everybody is `letmein`. */
export async function openMailSink(t: Teardown, options: SMTPServerOptions = {}): Promise<MailSink> {
  const mails: Mail[] = []
  const sink: { refuse: MailSink['refuse'] } = { refuse: () => null }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    logger: false,
    closeTimeout: 100,
    onAuth: ({ username = '', password }, _session, done) => {
      if (password === 'letmein') done(null, { user: username })
      else done(new Error('wrong'))
    },
    onData: (stream, { envelope, secure, user }, done) => {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('latin1')
      })
      stream.once('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        const mail = { from, to, secure, user: typeof user === 'string' ? user : null, raw }
        const refused = sink.refuse(mail)
        if (refused === null) mails.push(mail)
        done(refused === null ? null : Object.assign(new Error(refused.text), { responseCode: refused.code }))
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise<void>((resolve) => server.close(resolve)))
  const { port } = server.server.address() as AddressInfo
  return Object.assign(sink, { port, mails })
}

/** One header, decoded. */
export function headerOf({ raw }: Mail, name: string): string {
  const found = new RegExp(`^${name}: ((?:.*\\r\\n[ \\t])*.*)\\r\\n`, 'im').exec(raw)?.[1] ?? ''
  return found
    .replace(/\r\n[ \t]+/g, ' ')
    .replace(/\?= +=\?/g, '?==?')
    .replace(/(?:=\?UTF-8\?([BQ])\?(.*?)\?=)+?/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B' ? `\0${text}\0` : unquoted(text.replaceAll('_', ' ')),
    )
    .replace(/\0([^\0]*)\0/g, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'))
}

export function textOf({ raw }: Mail): string {
  const end = raw.indexOf('\r\n\r\n')
  const [head, body] = [raw.slice(0, end), raw.slice(end + 4)]
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  return unquoted(body.replace(/=\r\n/g, '')).replaceAll('\r\n', '\n')
}

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
