/** Alerts by mail, and the only place that knows nodemailer. A connection for each attempt: alerts are rare. */
import { connect, type Socket } from 'node:net'
import { rootCertificates } from 'node:tls'
import { createTransport, type SMTPTransportOptions } from 'nodemailer'
import type { AlertAttempt, AlertLetter, MailOptions, TellAlert } from './contract.ts'

const defaultTimeoutMs = 60_000
/** Of steps inside it. */
const stepTimeoutMs = 20_000

/** Encrypted, and believed, unless it is this machine. */
export function openMail(options: MailOptions): TellAlert {
  const { from, to, login, timeoutMs = defaultTimeoutMs } = options
  const server = serverOf(options)
  const auth = login === null ? {} : { auth: { user: login.user, pass: login.password } }
  return async (letter, signal) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const ended = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    let socket: Socket | undefined
    try {
      // Ours, so that it can be cut whatever is being done on it.
      socket = await connected({ host: server.host, port: server.port, signal: ended })
      const transport = createTransport({ ...server, ...auth, connection: socket })
      const { rejected } = await transport.sendMail({ from, to: [...to], ...messageOf(letter, from) })
      return { told: true, refused: false, error: rejected.length === 0 ? null : `refused for ${rejected.join(', ')}` }
    } catch (error) {
      if (deadline.aborted) return { told: false, refused: false, error: `no end within ${timeoutMs / 1000} s` }
      return failed(error)
    } finally {
      socket?.destroy()
    }
  }
}

function connected(to: {
  readonly host: string
  readonly port: number
  readonly signal: AbortSignal
}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(to)
    // Stays: a socket that is cut tells so, whoever listens.
    socket.on('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}

function serverOf({ smtp, ca }: MailOptions) {
  const url = new URL(smtp)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'smtps:'
  const plain = !secure && ca === null && isThisMachine(host)
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 25) : Number(url.port),
    secure,
    // A mail server on this machine often offers TLS with a certificate that nobody could believe.
    ...(plain ? { ignoreTLS: true } : { requireTLS: !secure }),
    tls: { ...(ca === null ? {} : { ca: [...rootCertificates, ca] }), minVersion: 'TLSv1.2' },
    greetingTimeout: stepTimeoutMs,
    socketTimeout: stepTimeoutMs,
    // Nothing is read from files or fetched for a message, whatever it says.
    disableFileAccess: true,
    disableUrlAccess: true,
  } satisfies SMTPTransportOptions
}

/** A receiver that answers by itself would only answer a machine. [RFC 3834 §5] */
function messageOf({ id, at, subject, text }: AlertLetter, from: string) {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'lienthong.invalid'
  return {
    subject,
    text,
    date: new Date(at),
    messageId: `<${id}@${domain}>`,
    headers: { 'auto-submitted': 'auto-generated' },
  }
}

/** Whether a mail server there needs no encryption. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function failed(error: unknown): AlertAttempt {
  const { code, responseCode, message } = error as Error & { readonly code?: string; readonly responseCode?: number }
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500
  return { told: false, refused, error: message.slice(0, 300) }
}
