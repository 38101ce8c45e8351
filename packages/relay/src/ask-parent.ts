/** What a node asks with an invitation at the desk of whoever gave it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type NodeId, RelayError } from '@lienthong/core'
import { askOnce, type Invitation, names, readInvitationLine } from '@lienthong/link'

/** For the question and its answer: the parent vouches, stores and announces meanwhile. */
const answerTimeoutMs = 30_000
/** Times the parent is asked, and how long it waits in between: the broker may be about to make the account. */
const questions = 3
const askAgainMs = 1_000

/** The invitation, if it is for this node. Throws TOKEN_INVALID, TOKEN_OTHER_NODE. */
export function invitationFor(self: NodeId, token: string): Invitation {
  const invitation = readInvitationLine(token)
  if (invitation.child !== self) throw new RelayError('TOKEN_OTHER_NODE', { detail: { node: invitation.child } })
  return invitation
}

/**
 * Asks again when the line broke: the answer is the same. Throws TOKEN_EXPIRED or JOIN_REFUSED when the account is gone,
 * BROKER_UNREACHABLE, LINK_DOWN.
 */
export async function askParent(
  { id, parent, child, address, password, expiresAt }: Invitation,
  body: Uint8Array,
  now: () => number,
): Promise<Uint8Array> {
  const account = { ...address, user: names.guest(id), password }
  for (let left = questions - 1; ; left -= 1) {
    try {
      return await askOnce(account, { exchange: names.join, body, timeoutMs: answerTimeoutMs })
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      if (error.code === 'BROKER_REFUSED') {
        // The account is gone: the broker does not say why, and this node's clock only guesses.
        const code = expiresAt <= now() ? 'TOKEN_EXPIRED' : 'JOIN_REFUSED'
        throw new RelayError(code, { detail: { parent, node: child }, cause: error })
      }
      if (error.code !== 'BROKER_UNREACHABLE' || left === 0) throw error
      await sleep(askAgainMs)
    }
  }
}
