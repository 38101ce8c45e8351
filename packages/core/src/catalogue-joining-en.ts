/** What people read about joining and leaving, and about what a node sends its parent itself. */
import type { Sentence } from './catalogue.ts'
import type { ErrorCode } from './errors.ts'

export const englishJoiningErrors = {
  TOKEN_INVALID: {
    text: 'This is no invitation, or it was damaged on its way[: {why}].',
    action: 'Copy the whole line once more, from lt1. to its end, or take the file the parent has written.',
  },
  TOKEN_EXPIRED: {
    text: 'The invitation[ of {node}] has expired[ on {until}].',
    action: 'Ask the parent to invite the node again: node invite.',
  },
  TOKEN_USED: {
    text: 'The invitation[ of {node}] was used already, with another key.',
    action: 'Ask the parent who has joined with it; if it was nobody of yours: node revoke, then node invite.',
  },
  TOKEN_OTHER_NODE: {
    text: 'The invitation is for another node[: {node}].',
    action: 'Use it at the node it is for, or ask the parent for one of your own.',
  },
  JOIN_REFUSED: {
    text: 'The parent[ {parent}] does not know this invitation: used, expired or taken back.',
    action: 'Ask the parent for a new one: node invite. If this node has joined already, status shows its link.',
  },
  NODE_JOINED: {
    text: 'The node has joined[ {parent}] already.',
    action: 'To go to another parent, leave this one first: node leave.',
  },
  NODE_IS_ROOT: {
    text: 'The node is the root of its own axis and keeps its own key as root.',
    action: 'Connect it with node bridge, which keeps its axis whole.',
  },
  NODE_NOT_DRAINED: {
    text: 'The node is not empty yet[: {documents} documents without an end, {rows} items of mailboxes to hand over, {assemblies} documents half here, {spool} messages for the parent].',
    action: 'Wait and leave again, or leave at once with --force: then others never hear what became of what is left.',
  },
  NODE_NOT_JOINED: {
    text: 'The node[ {node}] belongs to no axis yet.',
    action: 'Let it join its parent first (node join), or make it the root of one (node init --root).',
  },
  PARENT_OLDER: {
    text: 'The software of the parent node[ {parent}] does not know this yet.',
    action: 'Ask its administrators to update it; everything else goes on as before.',
  },
  ACCOUNT_NOT_MADE: {
    text: 'The broker does not have the accounts of[ {count}] invitations yet[ ({reason})]: nothing was handed out.',
    action: 'Mend the broker (doctor), then run the same command again: it goes on where it stopped.',
  },
  NODE_NO_PARENT: {
    text: 'The node has no parent to send the support bundle to.',
    action: 'Write it to a file (--out) and send it another way; or let the node join its parent first: node join.',
  },
  BUNDLE_REFUSED: {
    text: 'A support bundle[ of {from}] is taken in only by the parent of the node that sends it.',
    action:
      'If the node has another parent now, send the bundle once more. Otherwise somebody speaks for another: see who is on that link.',
  },
  BUNDLE_TOO_LARGE: {
    text: 'The support bundle is larger than allowed[ ({maxBytes} bytes)].',
    action: 'Take fewer lines of the logs: --lines.',
  },
  BUNDLES_WAITING: {
    text: 'There are already [{count} ]support bundles on their way to the parent.',
    action: 'They get there once the link is open: link list says why it is not. Write this one to a file: --out.',
  },
} as const satisfies Partial<Record<ErrorCode, Sentence>>
