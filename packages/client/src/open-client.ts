import { setMaxListeners } from 'node:events'
import { RelayError } from '@lienthong/core'
import { openAmqpLine } from './amqp/amqp-line.ts'
import type { Client, ClientOptions, SentDocument, TakenBack } from './contract.ts'
import { openHttpLine } from './http.ts'
import { type ItemView, openItem } from './item.ts'
import { openOrganisations } from './organisations.ts'
import { receiveItems } from './receive.ts'
import { submitPacket } from './submit.ts'
import { trackDocument } from './track.ts'

/** Makes a client. Nothing is called yet; a node that is away is waited for by each call. Throws CONFIG_INVALID. */
export function openClient(options: ClientOptions): Client {
  checkUrl(options.url, ['http:', 'https:'])
  if (options.amqp !== undefined) checkUrl(options.amqp.url, ['amqp:', 'amqps:'])
  const closing = new AbortController()
  // Every call under way listens: many are no leak.
  setMaxListeners(0, closing.signal)
  const http = openHttpLine(options, closing.signal)
  const amqp = options.amqp === undefined ? null : openAmqpLine(options.amqp, options)
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    closing.abort(new RelayError('CLIENT_CLOSED'))
    closed ??= amqp?.close() ?? Promise.resolve()
    return closed
  }

  return {
    submit: (source, submitOptions = {}) => submitPacket({ http, amqp }, source, submitOptions),
    receive: (receiveOptions = {}) => receiveItems({ http, amqp }, receiveOptions),
    async item(id, { signal } = {}) {
      const view = await http.ask<ItemView>({ method: 'GET', path: `/v1/mailbox/${id}`, signal })
      return openItem(http, view, { lease: undefined, settled: false })
    },
    track: (uid, trackOptions = {}) => trackDocument(http, uid, trackOptions),
    document: (uid, { signal } = {}) => http.ask<SentDocument>({ method: 'GET', path: `/v1/documents/${uid}`, signal }),
    async find(key, { signal } = {}) {
      const call = { method: 'GET', path: '/v1/documents', query: { ...key }, signal } as const
      return (await http.ask<{ readonly documents: readonly SentDocument[] }>(call)).documents
    },
    recall: (uid, reason, { signal, ...rest } = {}) => {
      const json = { reason, at: new Date().toISOString(), ...rest }
      return http.ask({ method: 'POST', path: `/v1/documents/${uid}/recall`, json, signal })
    },
    replace: (uid, bytes, { signal } = {}) =>
      http.ask({ method: 'POST', path: `/v1/documents/${uid}/replace`, bytes, signal }),
    async takeBack(uid, reason, { signal, ...rest } = {}) {
      const json = { description: reason, at: new Date().toISOString(), ...rest }
      const call = { method: 'POST', path: `/v1/documents/${uid}/take-back`, json, signal } as const
      return (await http.ask<{ readonly packets: readonly TakenBack[] }>(call)).packets
    },
    organisations: openOrganisations(http),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function checkUrl(url: string, protocols: readonly string[]): void {
  if (URL.canParse(url) && protocols.includes(new URL(url).protocol)) return
  throw new RelayError('CONFIG_INVALID', { detail: { reason: `the url must begin with ${protocols.join(' or ')}` } })
}
