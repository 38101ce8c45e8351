/** A support bundle on its way to the node above. */
import { createHash } from 'node:crypto'
import { type ErrorCode, errorCodes, RelayError } from '@lienthong/core'
import type { LinkView, SentBundle } from '@lienthong/relay'
import { askYes } from '../ask.ts'
import type { CommandInput, Context, OptionSpec } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import type { ControlClient } from '../control/client.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode } from '../node-choice.ts'
import { renderBytes, renderTime } from '../output.ts'

const defaultWait = '1m'
/** The node is asked this long at once, ms. */
const askMs = 30_000

export const sendOptions = {
  'send-parent': { describe: 'option.support.sendParent', type: 'flag' },
  wait: { describe: 'option.support.wait', type: 'text', default: defaultWait },
  approve: { describe: 'option.support.approve', type: 'flag' },
} as const satisfies Record<string, OptionSpec>

export interface Sending {
  readonly node: ControlClient
  readonly parent: LinkView
  readonly waitMs: number
}

/** null: nothing is to be sent. Before anything is collected. Throws USAGE, NODE_NO_PARENT, and what the node throws. */
export async function sendingIn(input: CommandInput, context: Context): Promise<Sending | null> {
  if (!input.flag('send-parent')) return null
  const written = input.text('wait') ?? defaultWait
  const waitMs = parseDuration(written)
  if (waitMs === null) throw new RelayError('USAGE', { detail: { reason: `--wait "${written}"` } })
  if (!input.flag('approve') && context.terminal.interactive !== true) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.approve') } })
  }
  const node = await chosenNode(input, context)
  const parent = (await node.links.list()).find(({ direction }) => direction === 'up')
  if (parent === undefined) throw new RelayError('NODE_NO_PARENT')
  return { node, parent, waitMs }
}

/** What goes to whom. */
export function sendingText({ parent }: Sending, archive: Uint8Array, { say }: Context): string {
  return say('support.sends', {
    parent: parent.place === null ? parent.neighbour : `${parent.neighbour} (${parent.place})`,
    size: renderBytes(archive.length),
    sha256: sha256Of(archive),
  })
}

/** null: somebody said no. */
export async function sendBundle(
  { node, parent, waitMs }: Sending,
  archive: Uint8Array,
  input: CommandInput,
  { terminal, say }: Context,
): Promise<SentBundle | null> {
  const isApproved = input.flag('approve') || (await askYes(say('support.ask', { parent: parent.neighbour }), terminal))
  if (!isApproved) return null
  let sent = await node.bundles.send(archive)
  const deadline = Date.now() + waitMs
  for (let leftMs = waitMs; sent.state === 'waiting' && leftMs > 0; leftMs = deadline - Date.now()) {
    sent = await node.bundles.sent(sent.uid, Math.min(leftMs, askMs))
  }
  return sent
}

/** Throws with the code a bundle failed with. */
export async function tellSent(sent: SentBundle | null, { say, note }: Context): Promise<ExitCode> {
  if (sent === null) {
    await note(say('support.notSent'))
    return exitCodes.refused
  }
  const { uid, parent, state, code, arrivedAt } = sent
  if (state === 'failed') throw new RelayError(isErrorCode(code) ? code : 'INTERNAL', { detail: { uid, parent } })
  if (state === 'arrived') {
    await note(say('support.arrived', { parent, time: renderTime(arrivedAt) }))
    return exitCodes.ok
  }
  await note(say('support.notYet', { parent, uid }))
  return exitCodes.unavailable
}

export function sha256Of(archive: Uint8Array): string {
  return createHash('sha256').update(archive).digest('hex')
}

function isErrorCode(code: SentBundle['code']): code is ErrorCode {
  return code !== null && Object.hasOwn(errorCodes, code)
}
