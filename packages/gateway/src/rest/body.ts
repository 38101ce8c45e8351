import type { FastifyInstance } from 'fastify'

/** What a body of bytes may call itself. Nothing is believed of it: the bytes say what they are. */
export const packetTypes = [
  'application/vnd.edxml+xml',
  'application/octet-stream',
  'application/xml',
  'text/xml',
] as const

/** In this scope bodies of `types` reach the handler as the streams they are; no other body is taken. */
export function takeStreams(app: FastifyInstance, types: readonly string[]): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], (_request, payload, done) => done(null, payload))
}
