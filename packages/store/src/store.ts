/** A store: files on this thread, rows on the writer's, behind the contract. */
import type { QueryTiming } from '@lienthong/core'
import { RelayError } from '@lienthong/core'
import { Assemblies } from './assembly-files.ts'
import type { Channel, Writer } from './channel.ts'
import type { LedgerStore, PayloadStore, Store } from './contract.ts'
import type { BundleStore, TakeBundleRequest } from './contract-bundles.ts'
import type { DirectoryStore } from './contract-directory.ts'
import type { AccessStore, HookStore, LinkStore, SealedSecret, UploadStore } from './contract-doors.ts'
import type { HandOverRequest, HandoverStore, TakeOverRequest } from './contract-handover.ts'
import type { DeliverRequest, MailboxStore } from './contract-mailbox.ts'
import type { AcceptOutcome, AcceptRequest, OutboxStore } from './contract-outbox.ts'
import { exactBytes } from './exact.ts'
import { Line } from './line.ts'
import { inlineLimit, PayloadFiles } from './payload-files.ts'
import { Staged, stage } from './staged.ts'
import { UploadFiles } from './upload-files.ts'
import { Work } from './work.ts'
import type { IncomingPayload } from './writer/payloads.ts'

export interface OpenOptions {
  readonly dir: string
  readonly queryTiming: QueryTiming
  readonly maxDatabaseBytes: number | null
}

/** Throws STORE_LOCKED, STORE_NEWER, DISK_FULL, STORE_FAILED. */
export async function openStore(writer: Writer, options: OpenOptions): Promise<Store> {
  const work = new Work()
  const channel = writer.channel((released) => work.runUnwatched(() => files.release(released)))
  const files = new PayloadFiles(options.dir, channel)
  const assemblies = new Assemblies(options.dir, channel, files)
  const uploads = new UploadFiles(options.dir, channel, files)
  await channel.open(options)
  try {
    await files.prepare()
    await assemblies.prepare()
    await uploads.prepare()
  } catch (error) {
    await channel.close()
    throw error
  }
  return storeOver({ channel, files, assemblies, uploads, work })
}

interface Parts {
  readonly channel: Channel
  readonly files: PayloadFiles
  readonly assemblies: Assemblies
  readonly uploads: UploadFiles
  readonly work: Work
}

function storeOver(parts: Parts): Store {
  const { channel, uploads, work } = parts
  return {
    payloads: payloadStore(parts),
    outbox: outboxStore(parts),
    mailbox: mailboxStore(parts),
    handovers: handoverStore(parts),
    bundles: bundleStore(parts),
    splits: {
      groups: (organ) => channel.call('rowGroups', { organ }),
      row: (key) => channel.call('splitRow', key),
      decide: (decision) => channel.call('decideRow', decision),
    },
    assemblies: assemblyStore(parts),
    ledger: ledgerStore(parts),
    access: accessStore(parts),
    directory: directoryStore(parts),
    links: linkStore(parts),
    uploads: uploadStore(parts),
    hooks: hookStore(parts),
    figures: () => channel.call('figures', null),
    dueAt: (held) => channel.call('dueAt', { held }),
    touch: (now) => channel.call('touch', { now }),
    async close() {
      uploads.breakOff()
      await work.end()
      await channel.close()
    },
  }
}

function payloadStore({ files }: Parts): PayloadStore {
  return {
    stage: (source, options) => stage(files, source, options),
    slice: (sha256, offset, length) => files.slice(sha256, offset, length),
    stream: (sha256, range) => files.stream(sha256, range),
  }
}

function outboxStore({ channel, work }: Parts): OutboxStore {
  return {
    accept: (request) => work.run(() => accept(channel, request)),
    page: (hop, lane, options) => channel.call('page', { hop, lane, ...options }),
    dispatched: (sent, now) => channel.call('dispatched', { sent, now }),
    apply: (signals, now) => channel.call('applySignals', { signals, now }),
    resend: (request) => channel.call('resend', request),
    waiting: (options) => channel.call('waiting', options),
    reroute: (copies) => channel.call('rerouteCopies', { copies }),
    relocate: (request) => channel.call('relocateRecipients', request),
    askedNodes: () => channel.call('askedNodes', null),
    unsettledFor: (node, options) => channel.call('unsettledFor', { node, ...options }),
    dueQueries: (options) => channel.call('dueQueries', options),
    hurryQueries: (now, nodes) => channel.call('hurryQueries', { now, nodes: nodes ?? null }),
    named: (request) => channel.call('named', request),
    addressed: (uids, organs) => channel.call('addressed', { uids, organs }),
    track: (key) => channel.call('track', key),
    trackOf: (from, key) => channel.call('trackOf', { from, key }),
    sent: (from, options) => channel.call('sent', { from, ...options }),
    traffic: (options) => channel.call('traffic', options),
    changes: (from, options) => channel.call('listChanges', { from, ...options }),
    lastChange: () => channel.call('lastChange', null),
    trimChanges: (before) => channel.call('trimChanges', { before }),
    backlog: () => channel.call('backlog', null),
  }
}

async function accept(channel: Channel, request: AcceptRequest): Promise<AcceptOutcome> {
  const staged = stagedOf(request.payload)
  const payload = await staged.place()
  const cores = request.cores.map((core) => ({ ...core, core: exactBytes(core.core), seal: exactBytes(core.seal) }))
  const { outcome, fileOwned } = await channel.call('accept', { ...request, payload, cores })
  if (outcome.outcome !== 'stale') await staged.done(fileOwned)
  return outcome
}

function stagedOf(payload: object): Staged {
  if (payload instanceof Staged) return payload
  throw new RelayError('INTERNAL', { detail: { reason: 'the payload was not staged by this store' } })
}

function mailboxStore(parts: Parts): MailboxStore {
  const { channel, work } = parts
  const line = new Line()
  return {
    deliver: (request) => work.run(() => deliver(parts, line, request)),
    list: (organ, options) => channel.call('listMail', { organ, ...options }),
    get: (organ, id) => channel.call('getMail', { organ, id }),
    count: (organ, kind) => channel.call('countMail', { organ, kind: kind ?? null }),
    acknowledge: (organ, id, now, lease) => channel.call('acknowledge', { organ, id, now, lease: lease ?? null }),
    lease: (organ, options) => channel.call('leaseMail', { organ, ...options }),
    renew: (organ, id, lease, until) => channel.call('renewLease', { organ, id, lease, until }),
    release: (organ, id, options) => channel.call('releaseLease', { organ, id, ...options }),
    mark: (organ, id, state, reason) => channel.call('markMail', { organ, id, state, reason }),
    receipts: (uid, generation, organs) => channel.call('receipts', { uid, generation, organs }),
    dueCollected: (now, limit, timing) => channel.call('dueCollected', { now, limit, timing }),
    noted: (uid, generation, organs, origin) => channel.call('noted', { uid, generation, organs, origin }),
    payloadOf: (uid) => channel.call('payloadOf', { uid }),
    stopped: (uid, generation, organs, by) => channel.call('stoppedOrgans', { uid, generation, organs, by }),
  }
}

/** Bytes that go to a file first must not be overtaken by those that need not. */
async function deliver(parts: Parts, line: Line, request: DeliverRequest): ReturnType<MailboxStore['deliver']> {
  const prepare = async () => {
    const source = await sourceOf(parts, request.payload)
    return { source, payload: source instanceof Staged ? await source.place() : source }
  }
  const act = async ({ source, payload }: Awaited<ReturnType<typeof prepare>>) => {
    const reply = await parts.channel.call('deliver', { ...request, payload })
    if (source instanceof Staged) await source.done(reply.fileOwned)
    const { assembled, fileOwned: _, ...result } = reply
    return { result, ended: assembled }
  }
  const outcome = await parts.assemblies.whileEnding(request.uid, async () =>
    'bytes' in request.payload ? line.run(prepare, act) : act(await prepare()),
  )
  for (const uid of outcome.ended) await parts.assemblies.sweep(uid)
  return outcome
}

async function sourceOf({ files }: Parts, payload: DeliverRequest['payload']): Promise<Staged | IncomingPayload> {
  if (payload instanceof Staged) return payload
  if (!('bytes' in payload)) return { sha256: payload.sha256, size: payload.size, bytes: null, placed: false }
  const { bytes, sha256 } = payload
  if (bytes.byteLength > inlineLimit) return await stage(files, [bytes], { maxBytes: bytes.byteLength })
  return { sha256, size: bytes.byteLength, bytes: exactBytes(bytes), placed: false }
}

function handoverStore(parts: Parts): HandoverStore {
  const { channel, work } = parts
  return {
    organs: () => channel.call('keptOrgans', null),
    leaving: (parts, limit) => channel.call('leavingRows', { parts, limit }),
    count: (parts) => channel.call('countKept', { parts }),
    handOver: (request) => work.run(() => handOver(parts, request)),
    settle: () => channel.call('settleHandovers', null),
    takeOver: (request) => work.run(() => takeOver(parts, request)),
    keep: (part, mailbox, limit) => channel.call('keepFor', { part, mailbox, limit }),
  }
}

async function handOver(parts: Parts, request: HandOverRequest): Promise<boolean> {
  const source = await sourceOf(parts, request.payload)
  const payload = source instanceof Staged ? await source.place() : source
  const sealed = { core: exactBytes(request.sealed.core), seal: exactBytes(request.sealed.seal) }
  const over = 'bytes' in request.payload
  const { done, fileOwned } = await parts.channel.call('handOver', { ...request, sealed, payload, over })
  if (source instanceof Staged) await source.done(fileOwned)
  return done
}

async function takeOver(parts: Parts, request: TakeOverRequest): ReturnType<HandoverStore['takeOver']> {
  return await parts.assemblies.whileEnding(request.uid, async () => {
    const source = await sourceOf(parts, request.payload)
    const payload = source instanceof Staged ? await source.place() : source
    const { receipts, arrivals, fileOwned, assembled } = await parts.channel.call('takeOver', { ...request, payload })
    if (source instanceof Staged) await source.done(fileOwned)
    return { result: { receipts, arrivals }, ended: assembled }
  })
}

function bundleStore(parts: Parts): BundleStore {
  const { channel, work } = parts
  return {
    take: (request) => work.run(() => takeBundle(parts, request)),
    list: () => channel.call('listBundles', null),
    get: (id) => channel.call('getBundle', { id }),
    remove: (id, act) => channel.call('removeBundle', { id, ...act }),
    underWay: () => channel.call('bundlesUnderWay', null),
  }
}

async function takeBundle(parts: Parts, request: TakeBundleRequest): ReturnType<BundleStore['take']> {
  return await parts.assemblies.whileEnding(request.uid, async () => {
    const source = await sourceOf(parts, request.payload)
    const payload = source instanceof Staged ? await source.place() : source
    const { receipts, dropped, fileOwned, assembled } = await parts.channel.call('takeBundle', { ...request, payload })
    if (source instanceof Staged) await source.done(fileOwned)
    return { result: { receipts, dropped }, ended: assembled }
  })
}

function assemblyStore({ assemblies, work }: Parts): Store['assemblies'] {
  return {
    load: (uid) => assemblies.load(uid),
    list: () => assemblies.list(),
    file: (uid, size, segmentBytes) => assemblies.file(uid, size, segmentBytes),
    commit: (request) => assemblies.commit(request),
    finish: (uid) => assemblies.finish(uid),
    drop: (uid, failed) => work.run(() => assemblies.drop(uid, failed)),
  }
}

function ledgerStore({ channel }: Parts): LedgerStore {
  return {
    bury: (letter) => channel.call('bury', { ...letter, bytes: exactBytes(letter.bytes) }),
    deadLetters: (options) => channel.call('deadLetters', options),
    event: (event) => channel.call('appendEvent', event),
  }
}

function accessStore({ channel }: Parts): AccessStore {
  return {
    load: () => channel.call('loadAccess', null),
    write: (change) => channel.call('writeAccess', change),
    keep: (key) => channel.call('keepVaultKey', { ...key, bytes: exactBytes(key.bytes) }),
    loadOperators: () => channel.call('loadOperators', null),
    writeOperators: (change) => channel.call('writeOperators', change),
  }
}

function directoryStore({ channel }: Parts): DirectoryStore {
  return {
    load: () => channel.call('loadDirectory', null),
    write: (change) =>
      channel.call('writeDirectory', {
        ...change,
        announcements: (change.announcements ?? []).map((each) => ({
          ...each,
          bytes: exactBytes(each.bytes),
          seal: exactBytes(each.seal),
        })),
        neighbours: (change.neighbours ?? []).map((each) =>
          'sealed' in each ? { ...each, sealed: sealedExactly(each.sealed) } : each,
        ),
        invitations: (change.invitations ?? []).map((each) =>
          'sealed' in each ? { ...each, sealed: sealedExactly(each.sealed) } : each,
        ),
      }),
    history: (options) => channel.call('declaredHistory', options),
  }
}

function linkStore({ channel }: Parts): LinkStore {
  return {
    orders: () => channel.call('linkOrders', null),
    order: (change) => channel.call('writeLinkOrder', change),
    backlog: () => channel.call('hopBacklog', null),
  }
}

/** Requests of several steps, which closing waits for. */
function uploadStore({ uploads, work }: Parts): UploadStore {
  return {
    open: (request) => work.run(() => uploads.open(request)),
    get: (system, id) => uploads.get(system, id),
    append: (key, options) => work.run(() => uploads.append(key, options)),
    finish: (key, options) => work.run(() => uploads.finish(key, options)),
    spend: (key, now) => uploads.spend(key, now),
    drop: (key) => work.run(() => uploads.drop(key)),
    expire: (options) => work.run(() => uploads.expire(options)),
  }
}

function hookStore({ channel }: Parts): HookStore {
  return {
    add: (hook, act) => channel.call('addHook', { hook: { ...hook, secret: sealedExactly(hook.secret) }, act }),
    list: (system) => channel.call('listHooks', { system: system ?? null }),
    get: (key, now) => channel.call('getHook', { key, now }),
    rotate: (key, { secret, earlierUntil }, act) =>
      channel.call('rotateHook', { key, secret: sealedExactly(secret), earlierUntil, act }),
    remove: (system, id, act) => channel.call('removeHook', { system, id, act }),
    claim: (options) => channel.call('claimHooks', options),
    unclaim: () => channel.call('unclaimHooks', {}),
    settle: (id, outcome) => channel.call('settleHook', { ...outcome, id }),
    pause: (key, pausedAt, act) => channel.call('pauseHook', { ...key, pausedAt, act }),
  }
}

function sealedExactly({ kid, bytes }: SealedSecret): SealedSecret {
  return { kid, bytes: exactBytes(bytes) }
}
