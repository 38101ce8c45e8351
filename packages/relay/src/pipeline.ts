/**
 * The way of a frame through a node, as a list of steps in the order a frame meets them.
 *
 * A step ends a frame early by returning 'stop': then it is acknowledged as it is.
 */
import { decideTransit, RelayError, segmentCount } from '@lienthong/core'
import { decodeFrame, encodeFrame, type Segment } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { Forwarder } from './forwarding.ts'
import type { Frame } from './frame.ts'
import type { Serving } from './serving.ts'
import type { SignalInbox } from './signal-inbox.ts'

export interface PipelineParts {
  readonly context: NodeContext
  readonly forwarder: Forwarder
  readonly serving: Serving
  readonly inbox: SignalInbox
}

type Step = (parts: PipelineParts, frame: Frame) => 'next' | 'stop'

export const pipeline: readonly (readonly [name: string, step: Step])[] = [
  ['identify', identify],
  ['decode', decode],
  ['route', route],
  ['acknowledge', acknowledge],
]

/** Runs a frame through the list. Everything it waits for goes on after this returns. */
export function runPipeline(parts: PipelineParts, frame: Frame): void {
  for (const [, step] of pipeline) {
    if (step(parts, frame) === 'stop') {
      frame.delivery.settle()
      return
    }
  }
}

/** Who speaks: proved by the exchange the frame came through and by `user_id`, and no CC [DESIGN §5]. */
function identify({ context }: PipelineParts, frame: Frame): 'next' | 'stop' {
  const code = unproven(frame)
  return code === null ? 'next' : refuse(context, frame, code)
}

/** True when it is proved who speaks; else the message is refused for all to see. For messages that are no frames. */
export function isProven(context: NodeContext, message: Arrived): boolean {
  const code = unproven(message)
  if (code !== null) refuse(context, message, code)
  return code === null
}

type Arrived = Pick<Frame, 'delivery' | 'arrival' | 'link'>

function unproven({ delivery, arrival }: Arrived): 'USER_ID_REQUIRED' | 'CC_REFUSED' | null {
  const expected = arrival.from === 'child' ? arrival.child : delivery.userId
  if (delivery.userId === undefined || delivery.userId !== expected) return 'USER_ID_REQUIRED'
  return 'CC' in delivery.headers || 'BCC' in delivery.headers ? 'CC_REFUSED' : null
}

/** Bytes to segments. One that does not decode becomes a dead letter; its neighbours go on. */
function decode({ context }: PipelineParts, frame: Frame): 'next' {
  const { body } = frame.delivery
  try {
    if (frame.delivery.type !== 'lt.frame') throw new RelayError('FRAME_INVALID', { detail: { why: 'is no lt.frame' } })
    const segments: Segment[] = []
    for (const entry of decodeFrame(body)) {
      if ('error' in entry)
        frame.pending.push(giveUp(context, frame, { error: entry.error, bytes: entry.bytes, uid: null }))
      else segments.push(entry)
    }
    frame.segments = segments
  } catch (error) {
    frame.pending.push(giveUp(context, frame, { error, bytes: body, uid: null }))
  }
  return 'next'
}

/** Per segment: may this link speak for the sender, loop and hop rule, then deliver here and forward the rest. */
function route(parts: PipelineParts, frame: Frame): 'next' {
  const { context } = parts
  for (const segment of frame.segments) {
    observeReceived(context, frame, segment)
    context.sightings.note(segment, segment.envelope.to, { step: 'received', neighbour: frame.link })
    const decision = decideTransit(context.table, frame.arrival, segment.envelope)
    for (const { code, to } of decision.refused) refuseSegment(parts, frame, { segment, code, to })
    if (decision.deliver.length > 0) frame.pending.push(deliver(parts, frame, { segment, to: decision.deliver }))
    for (const { hop, to } of decision.forward) frame.pending.push(parts.forwarder.forward(hop, segment, to))
  }
  return 'next'
}

/** Upstream is acknowledged only after all that follows from the frame is durable elsewhere. */
function acknowledge({ context }: PipelineParts, frame: Frame): 'next' {
  if (frame.pending.length === 0) {
    frame.delivery.settle()
    return 'next'
  }
  void Promise.all(frame.pending).then(
    (outcomes) => (outcomes.includes('again') ? frame.again() : frame.delivery.settle()),
    (error: unknown) => {
      context.log('error', 'frame interrupted', { detail: { link: frame.link, error: String(error) } })
      frame.again()
    },
  )
  return 'next'
}

async function deliver(
  parts: PipelineParts,
  frame: Frame,
  { segment, to }: { segment: Segment; to: readonly number[] },
): Promise<'done' | 'again'> {
  try {
    if (segment.envelope.core.kind === 'signal') await parts.inbox.take(segment)
    else await parts.serving.take(segment, to, frame.link)
    return 'done'
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    if (error.code === 'FROM_NOT_ALLOWED' && segment.envelope.core.kind === 'handover') {
      // The tables of the two nodes differ for a while: it is offered again.
      parts.forwarder.defer(segment, to, { code: 'ROUTE_CHANGED', way: frame.link })
    } else if (error.code === 'ASSEMBLY_FULL') {
      parts.context.sightings.note(segment, to, { step: 'dropped', neighbour: null, code: error.code })
      parts.forwarder.defer(segment, to, { code: 'ASSEMBLY_FULL', way: frame.link })
    } else if (error.retryable) return 'again'
    else {
      parts.context.sightings.note(segment, to, { step: 'dead', neighbour: null, code: error.code })
      return giveUp(parts.context, frame, { error, bytes: encodeFrame([segment]), uid: segment.envelope.core.uid })
    }
    return 'done'
  }
}

function refuseSegment(
  parts: PipelineParts,
  frame: Frame,
  { segment, code, to }: { segment: Segment; code: RelayError['code']; to: readonly number[] },
): void {
  const { uid } = segment.envelope.core
  if (code === 'FROM_NOT_ALLOWED' || code === 'ROUTE_CHANGED') {
    parts.context.sightings.note(segment, to, { step: 'dropped', neighbour: null, code })
    if (code === 'FROM_NOT_ALLOWED') refuse(parts.context, frame, code, uid)
    parts.forwarder.defer(segment, to, { code: 'ROUTE_CHANGED', way: frame.link })
  } else if (code === 'LOOP') {
    const error = new RelayError('LOOP', { detail: { uid } })
    parts.context.sightings.note(segment, to, { step: 'dead', neighbour: null, code })
    frame.pending.push(giveUp(parts.context, frame, { error, bytes: encodeFrame([segment]), uid }))
  } else {
    // Kept nowhere, whatever it brings; but somebody may be speaking for another.
    if (code === 'BUNDLE_REFUSED' || code === 'BUNDLE_TOO_LARGE') refuse(parts.context, frame, code, uid)
    parts.forwarder.undeliverable(segment, to, code)
  }
}

/** Says that something was refused; an authority refusal keeps no bytes, so that nobody can fill the disk with them. */
function refuse(context: NodeContext, frame: Arrived, code: RelayError['code'], uid: string | null = null): 'stop' {
  context.log('warn', 'frame refused', {
    code,
    ...(uid === null ? {} : { uid }),
    detail: { link: frame.link, user: frame.delivery.userId ?? null },
  })
  context.observe({ type: 'dropped', node: context.config.id, at: context.now(), uid, code, hop: frame.link })
  void context.store.ledger
    .event({
      at: context.now(),
      type: 'refuse',
      uid,
      detail: { code, link: frame.link, user: frame.delivery.userId ?? null },
    })
    .catch((error: unknown) => context.log('error', 'refusal not recorded', { detail: { error: String(error) } }))
  return 'stop'
}

/**
 * A dead letter, with all that is needed to replay it; resolves when it is durable. Not of a newer major: its origin
 * keeps custody, so nothing is lost by refusing it.
 */
async function giveUp(
  context: NodeContext,
  frame: Frame,
  letter: { error: unknown; bytes: Uint8Array; uid: string | null },
): Promise<'done'> {
  const code = letter.error instanceof RelayError ? letter.error.code : 'FRAME_INVALID'
  const { uid } = letter
  if (code === 'VERSION_UNSUPPORTED') {
    refuse(context, frame, code, uid)
    return 'done'
  }
  context.log('warn', 'dead letter', {
    code,
    ...(uid === null ? {} : { uid }),
    detail: { link: frame.link, error: String(letter.error) },
  })
  context.observe({ type: 'dead', node: context.config.id, at: context.now(), uid, code, link: frame.link })
  await context.store.ledger.bury({
    at: context.now(),
    reason: code,
    link: frame.link,
    uid,
    detail: String(letter.error),
    // A copy: the frame's buffer is shared with its neighbours.
    bytes: Uint8Array.from(letter.bytes),
  })
  return 'done'
}

function observeReceived(context: NodeContext, frame: Frame, { envelope: { core, segment } }: Segment): void {
  context.observe({
    type: 'received',
    node: context.config.id,
    at: context.now(),
    uid: core.uid,
    link: frame.link,
    segment,
    segments: segmentCount(core.size, core.segmentBytes),
    kind: core.kind,
    redelivered: frame.delivery.redelivered,
  })
}
