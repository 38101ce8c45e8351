/**
 * VXP, the HTTP interface of the national axis, as its SDKs speak it: every argument in signed headers, every answer
 * in one envelope. Refusals are answers too (200, `FAIL`), for the SDK reads nothing else; only what is to be tried
 * again later is 429 or 503, and a refused download is no 200 because its body is written to a file.
 */
import type { FastifyInstance, FastifyReply, HTTPMethods } from 'fastify'
import { chunksOf } from '../body.ts'
import { asRelayError, logInternal, retryAfterOf, statusOf } from '../problem.ts'
import { getAgenciesList, getAgenciesListQD20, getSynchronizeUnit } from './agencies.ts'
import { type Answer, json } from './answer.ts'
import { countReceiveEdoc, countReceiveStatus } from './counts.ts'
import { openDoor } from './door.ts'
import { refusal, success } from './envelope.ts'
import { downloadEdoc, getEdoc } from './get-edoc.ts'
import type { Operation } from './operation.ts'
import { getReceivedEdocList } from './received-list.ts'
import { deleteAgency, registerAgency } from './registration.ts'
import { sendEdoc } from './send-edoc.ts'
import { getSentEdocList } from './sent-list.ts'
import { updateStatus } from './update-status.ts'

export const vxpOperations = {
  sendEdoc: ['POST', sendEdoc],
  getReceivedEdocList: ['POST', getReceivedEdocList],
  getSentEdocList: ['POST', getSentEdocList],
  getEdoc: ['POST', getEdoc],
  downloadEdoc: ['GET', downloadEdoc],
  updateStatus: ['POST', updateStatus],
  countReceiveEdoc: ['POST', countReceiveEdoc],
  countReceiveStatus: ['POST', countReceiveStatus],
  getAgenciesList: ['POST', getAgenciesList],
  getAgenciesListQD20: ['POST', getAgenciesListQD20],
  getSynchronizeUnit: ['POST', getSynchronizeUnit],
  registerAgency: ['POST', registerAgency],
  deleteAgency: ['POST', deleteAgency],
} as const satisfies Record<string, readonly [HTTPMethods, Operation]>

export function vxpRoutes(app: FastifyInstance): void {
  const { node, vxp, now } = app.gateway
  const enter = openDoor({ systems: node.systems, ratePerMinute: vxp.ratePerMinute, now })
  // Content types say nothing here: the body is read, if at all, by the operation.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  answerRefusals(app)
  for (const [name, [method, operation]] of Object.entries(vxpOperations)) {
    app.route({
      method,
      url: `/${name}`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const { system, fields } = enter({ ip: request.ip, rawHeaders: request.raw.rawHeaders })
        return answer(reply, await operation({ node, system, fields, body: chunksOf(request.body) }))
      },
    })
  }
}

function answer(reply: FastifyReply, given: Answer): unknown {
  if ('members' in given) {
    reply.type(json)
    return { ...success(), ...given.members }
  }
  reply.type(given.type)
  if (given.bytes !== null) reply.header('content-length', given.bytes)
  return given.body
}

function answerRefusals(app: FastifyInstance): void {
  app.setErrorHandler<Error>(async (error, request, reply) => {
    const known = asRelayError(error)
    if (known.code === 'INTERNAL') logInternal(request, error)
    const after = retryAfterOf(known)
    if (after !== null) reply.header('retry-after', after)
    const isReadByNobody = request.method === 'GET' || known.code === 'INTERNAL'
    reply.code(after !== null || isReadByNobody ? statusOf(known.code) : 200).type(json)
    return refusal(known)
  })
}
