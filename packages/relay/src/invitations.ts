/**
 * Invitations of this node, and the desk where those who have one ask to join.
 *
 * ```
 *   open ──asked, its key vouched for──▶ used ──its link seen──▶ gone
 *     └──────────── expired ◀─────────────┘
 * ```
 *
 * Whoever asks again with the same key hears the same answer until its link has been seen, so that it does not matter
 * where either side stopped in between. The account at the broker holds as long.
 */
import { randomBytes } from 'node:crypto'
import { type Claims, type NodeId, type Overlap, RelayError, type RootKey } from '@lienthong/core'
import {
  type Delivery,
  decodeJoinRequest,
  decodeSurvey,
  encodeJoinAnswer,
  encodeSurveyAnswer,
  type Invitation,
  type JoinGrant,
  type JoinRequest,
  names,
  type Sender,
  type Topology,
} from '@lienthong/link'
import type { InvitationRecord } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { InvitationView } from './joining.ts'
import { takeTurns } from './turns.ts'
import type { Vault } from './vault.ts'

/** What the broker makes of `amq.rabbitmq.reply-to`; any other address would be written with this node's rights. */
const replyPrefix = 'amq.rabbitmq.reply-to.'
const secretBytes = 24
const idBytes = 12
/** Longest time a timer can wait, ms. */
const maxTimerMs = 2 ** 31 - 1

interface Held extends Omit<InvitationRecord, 'sealed'> {
  /** Of the account `lt.join.<id>`. */
  readonly password: string
  /** Of the child's account, once it has joined. */
  readonly childPassword: string
}

/** Vouches for the key of a child and lets it in by this password. */
export type Admit = (child: NodeId, key: RootKey, password: string) => Promise<void>

export interface Invitations {
  /** What the broker has to hold for those who are invited; undefined when nobody ever was. */
  readonly accounts: Topology['invitations']
  list(): readonly InvitationView[]
  /** The invitation of this child that holds. */
  find(child: NodeId): Invitation | null
  /** New ones, durable when it resolves. */
  add(children: readonly NodeId[], expiresAt: number): Promise<void>
  /** Resolves when the broker lets these in who are invited. Throws ACCOUNT_NOT_MADE; asked again it goes on from there. */
  ready(children: readonly NodeId[]): Promise<void>
  /** Forgets those of this child. */
  drop(child: NodeId): Promise<void>
  /** Answers a message to the desk; it settles it. */
  answer(delivery: Delivery): void
  stop(): void
}

export async function openInvitations(
  context: NodeContext,
  parts: {
    readonly vault: Vault
    readonly records: readonly InvitationRecord[]
    readonly sender: Sender
    /** Whoever is invited pins these. Throws NODE_NOT_JOINED. */
    readonly roots: () => readonly RootKey[]
    readonly admit: Admit
    /** What of the claims of an invited child means something else here. */
    readonly survey: (child: NodeId, claims: Claims) => readonly Overlap[]
    /** The accounts have changed. null: the broker has it; else why not, and it is tried again. */
    readonly onAccounts: () => Promise<RelayError | null>
  },
): Promise<Invitations> {
  const { vault } = parts
  const held = new Map<string, Held>()
  /** Invitations whose account the broker is known to have. */
  const made = new Set<string>()
  const inTurn = takeTurns()
  let timer: NodeJS.Timeout | undefined
  for (const record of parts.records) {
    const opened = openRecord(vault, record)
    if (opened !== null) held.set(record.id, opened)
  }
  expireLater()

  function isOver({ expiresAt }: Held): boolean {
    return expiresAt <= context.now()
  }

  /** The account of an invitation goes when it expires. */
  function expireLater(): void {
    clearTimeout(timer)
    const ends = [...held.values()].filter((each) => !isOver(each)).map(({ expiresAt }) => expiresAt)
    if (ends.length === 0) return
    timer = setTimeout(
      () => {
        void publish()
        expireLater()
      },
      Math.min(maxTimerMs, Math.max(0, Math.min(...ends) - context.now()) + 1),
    )
    timer.unref()
  }

  async function publish(): Promise<RelayError | null> {
    const ids = [...held.keys()]
    const failure = await parts.onAccounts()
    if (failure === null) for (const id of ids) made.add(id)
    return failure
  }

  async function write(records: readonly Held[], gone: readonly Held[]): Promise<void> {
    await context.store.directory.write({
      invitations: [...gone.map(({ id }) => ({ id })), ...records.map((each) => sealedRecord(vault, each))],
    })
    for (const { id } of gone) {
      held.delete(id)
      made.delete(id)
    }
    for (const record of records) held.set(record.id, record)
    expireLater()
  }

  const of = (child: NodeId) => [...held.values()].filter((each) => each.child === child)

  /** The invitation by which one asks. */
  function shown(id: string | null, node: NodeId, userId: string | undefined): Held {
    if (id === null || userId !== names.guest(id)) throw new RelayError('JOIN_REFUSED')
    const record = held.get(id)
    if (record === undefined) throw new RelayError('JOIN_REFUSED', { detail: { parent: context.config.id } })
    if (isOver(record)) throw new RelayError('TOKEN_EXPIRED', { detail: { node: record.child } })
    if (record.child !== node) throw new RelayError('TOKEN_OTHER_NODE', { detail: { node: record.child } })
    return record
  }

  async function admitted(request: JoinRequest, userId: string | undefined): Promise<JoinGrant> {
    const { invitation: id, node, key } = request
    const record = shown(id, node, userId)
    if (record.usedBy !== null && record.usedBy.publicKey !== key.publicKey) {
      throw new RelayError('TOKEN_USED', { detail: { node } })
    }
    await parts.admit(node, key, record.childPassword)
    if (record.usedBy === null) await write([{ ...record, usedBy: key }], [])
    return grantFor(context, { node, key, password: record.childPassword, roots: parts.roots() })
  }

  async function outcome({ body, userId }: Delivery): Promise<Uint8Array> {
    try {
      const survey = decodeSurvey(body)
      if (survey !== null) {
        const { child } = shown(survey.invitation, survey.node, userId)
        return encodeSurveyAnswer(parts.survey(child, survey.claims))
      }
      const request = decodeJoinRequest(body)
      const granted = await inTurn(() => admitted(request, userId))
      context.log('info', 'a child has joined', { detail: { child: granted.node, kid: request.key.kid } })
      return encodeJoinAnswer({ granted })
    } catch (error) {
      const known = error instanceof RelayError ? error : new RelayError('INTERNAL', { cause: error })
      context.log(known.code === 'INTERNAL' ? 'error' : 'warn', 'a request to join was refused', {
        code: known.code,
        detail: { account: userId ?? null, ...known.detail },
      })
      return encodeJoinAnswer({ refused: known.code, detail: known.detail })
    }
  }

  async function reply(delivery: Delivery): Promise<void> {
    const body = await outcome(delivery)
    const { replyTo, correlationId } = delivery
    if (replyTo?.startsWith(replyPrefix)) {
      await parts.sender.send({
        exchange: '',
        routingKey: replyTo,
        type: 'lt.answer',
        body,
        persistent: false,
        // Whoever asked may be gone, and asks again.
        mandatory: false,
        ...(correlationId === undefined ? {} : { correlationId }),
      })
    }
    delivery.settle()
  }

  return {
    get accounts() {
      if (held.size === 0) return undefined
      return [...held.values()].filter((each) => !isOver(each)).map(({ id, password }) => ({ id, password }))
    },
    list: () =>
      [...held.values()]
        .sort((one, other) => (one.child < other.child ? -1 : 1))
        .map((each) => ({
          child: each.child,
          createdAt: each.createdAt,
          expiresAt: each.expiresAt,
          state: isOver(each) ? 'expired' : each.usedBy === null ? 'open' : 'used',
        })),
    find(child) {
      const found = of(child).find((each) => !isOver(each))
      return found === undefined ? null : invitationOf(context, found, parts.roots())
    },
    add: (children, expiresAt) =>
      inTurn(async () => {
        const createdAt = context.now()
        const fresh = children.map(
          (child): Held => ({
            ...{ id: randomBytes(idBytes).toString('hex'), child, createdAt, expiresAt, usedBy: null },
            password: randomBytes(secretBytes).toString('base64url'),
            childPassword: randomBytes(secretBytes).toString('base64url'),
          }),
        )
        await write(
          fresh,
          children.flatMap((child) => of(child)),
        )
      }),
    ready: (children) =>
      inTurn(async () => {
        const lacking = children.flatMap(of).filter((each) => !isOver(each) && !made.has(each.id))
        const failure = lacking.length === 0 ? null : await publish()
        if (failure === null) return
        throw accountNotMade(lacking.length, failure)
      }),
    drop: (child) =>
      inTurn(async () => {
        const gone = of(child)
        if (gone.length === 0) return
        await write([], gone)
        await publish()
      }),
    answer: (delivery) => {
      reply(delivery).catch((error: unknown) => {
        context.log('error', 'a request to join failed', { code: 'INTERNAL', detail: { error: String(error) } })
        delivery.settle()
      })
    },
    stop: () => clearTimeout(timer),
  }
}

export function accountNotMade(count: number, failure: RelayError): RelayError {
  return new RelayError('ACCOUNT_NOT_MADE', { detail: { count, reason: failure.code }, cause: failure })
}

/** What a child is granted that has shown this key. */
export function grantFor(
  { config }: NodeContext,
  child: {
    readonly node: NodeId
    readonly key: RootKey
    readonly password: string
    readonly roots: readonly RootKey[]
  },
): JoinGrant {
  const { node, key, password, roots } = child
  return { parent: config.id, node, publicKey: key.publicKey, address: publicAddress(config), password, roots }
}

function invitationOf({ config }: NodeContext, held: Held, roots: readonly RootKey[]): Invitation {
  const { id, child, expiresAt, password } = held
  return { id, parent: config.id, child, expiresAt, address: publicAddress(config), password, roots }
}

/** Where children reach this node's broker. */
function publicAddress({ broker: { address, public: shown } }: NodeContext['config']): Invitation['address'] {
  const { url, ca = address.ca } = shown ?? address
  return { url, vhost: address.vhost, ...(ca === undefined ? {} : { ca }) }
}

function openRecord(vault: Vault, { sealed, ...record }: InvitationRecord): Held | null {
  const secret = vault.open(sealed, purposeOf(record.id))
  if (secret === null) return null
  const { password, childPassword } = JSON.parse(secret) as Pick<Held, 'password' | 'childPassword'>
  return { ...record, password, childPassword }
}

function sealedRecord(vault: Vault, { password, childPassword, ...record }: Held): InvitationRecord {
  return { ...record, sealed: vault.seal(JSON.stringify({ password, childPassword }), purposeOf(record.id)) }
}

function purposeOf(id: string): string {
  return `invitation ${id}`
}
