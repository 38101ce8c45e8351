/**
 * Puts payloads of several segments together.
 *
 * Segments go to their offset at once; whatever has been written while the last sync ran shares the
 * next one: write → fdatasync → commit of the bitmap → acknowledge. A range once written is never
 * overwritten. An assembly is keyed by uid and gathers every checked core; completion delivers to all.
 */
import {
  type Bitmap,
  emptyBitmap,
  hasSegment,
  isComplete,
  type Missing,
  missingOf,
  type OrganId,
  RelayError,
  segmentCount,
  withSegments,
} from '@lienthong/core'
import { decodeCore, nodeOf, sealedBy } from '@lienthong/link'
import type { AssemblyFile, AssemblyState } from '@lienthong/store'
import { checkCore } from './checks.ts'
import type { NodeContext } from './context.ts'
import { headerOf } from './header.ts'
import type { CheckedDocument, Serving } from './serving.ts'
import type { SignalPost } from './signal-post.ts'

/** An assembly nobody has touched for this long may be given up for a new one at the cap, ms. */
const idleMs = 10 * 60_000
/** After this many wrong digests the document is undeliverable. */
const maxFailures = 3

export interface Assembler {
  /** Resolves when the segment is durable (or was before). Throws ASSEMBLY_FULL and what `checkCore` throws. */
  take(document: CheckedDocument, link: string): Promise<void>
  /** What is missing of a document that is being assembled for these organisations; null when it is not. */
  missing(uid: string, generation: number, organs: readonly OrganId[]): Promise<Missing | null>
  /** The store has ended it, for all it was for were stopped by a recall. */
  abandon(uid: string): Promise<void>
  /**
   * Gives up what is for nobody but these: another node keeps their mailboxes, and is sent what it lacks. False when
   * segments of one are being written: ask again.
   */
  leave(isElsewhere: (organ: OrganId) => boolean): Promise<boolean>
  readonly open: number
  close(): Promise<void>
}

interface Assembly {
  readonly uid: string
  readonly link: string
  readonly file: AssemblyFile
  /** Segments on disk and committed. */
  bitmap: Bitmap
  /** Segments written or being written since the last commit. */
  readonly written: Set<number>
  documents: CheckedDocument[]
  /** Cores not yet committed. */
  newDocuments: CheckedDocument[]
  waiting: { promise: Promise<void>; segment: number; done: () => void; failed: (error: unknown) => void }[]
  running: boolean
  /** Why its file is written no more; whatever comes for it yet is refused, and taken again. */
  broken: { readonly error: unknown } | null
  /** All it was for were stopped by a recall. */
  over: boolean
  touchedAt: number
}

export function createAssembler(context: NodeContext, serving: Serving, post: SignalPost): Assembler {
  const { store, config } = context
  const assemblies = new Map<string, Promise<Assembly | null>>()
  const linkOf = new Map<string, { link: string; touchedAt: number }>()

  async function openAssembly(document: CheckedDocument, link: string): Promise<Assembly | null> {
    const { core } = document.segment.envelope
    if ((await store.mailbox.payloadOf(core.uid)) !== null || (await lacking(document)).length === 0) return null
    const state = await store.assemblies.load(core.uid)
    await makeRoom(core.uid, link, state !== null)
    const file = await store.assemblies.file(core.uid, core.size, core.segmentBytes)
    const segments = segmentCount(core.size, core.segmentBytes)
    return {
      uid: core.uid,
      link,
      file,
      bitmap: state === null ? emptyBitmap(segments) : { segments, bits: state.have },
      written: new Set(),
      documents: (state?.cores ?? []).map((stored) => restore(document, stored)),
      newDocuments: [],
      waiting: [],
      running: false,
      broken: null,
      over: false,
      touchedAt: context.now(),
    }
  }

  /** Takes a place on this link, of one given up when there is no other; whoever was here before a restart has one. */
  async function makeRoom(uid: string, link: string, known: boolean): Promise<void> {
    const ofLink = [...linkOf].filter(([, entry]) => entry.link === link)
    const place = { link, touchedAt: context.now() }
    // No wait between the count and the place taken: many may come at once.
    if (known || ofLink.length < config.limits.openAssemblies) return void linkOf.set(uid, place)
    const [oldest] = ofLink.sort(([, a], [, b]) => a.touchedAt - b.touchedAt)
    if (oldest === undefined || context.now() - oldest[1].touchedAt < idleMs) throw new RelayError('ASSEMBLY_FULL')
    const [untouched] = oldest
    const assembly = assemblies.get(untouched)
    forget(untouched)
    linkOf.set(uid, place)
    await (await assembly)?.file.close()
    await store.assemblies.drop(untouched, false)
  }

  function forget(uid: string): void {
    assemblies.delete(uid)
    linkOf.delete(uid)
  }

  function enter(document: CheckedDocument, link: string): Promise<Assembly | null> {
    const { uid } = document.segment.envelope.core
    const known = assemblies.get(uid)
    if (known !== undefined) return known
    // Before anything is written: a forged core must not hold a place.
    checkCore(context, document.segment)
    const opening = openAssembly(document, link)
    assemblies.set(uid, opening)
    void opening.then(
      (assembly) => (assembly === null ? forget(uid) : undefined),
      () => forget(uid),
    )
    return opening
  }

  /** Believes the core once per assembly: an equal core needs no second check. */
  function gather(assembly: Assembly, document: CheckedDocument): void {
    refuseOtherShape(assembly, document)
    const same = assembly.documents.find((known) => Buffer.compare(known.segment.core, document.segment.core) === 0)
    if (same === undefined) checkCore(context, document.segment)
    else if (document.organs.every((organ) => same.organs.includes(organ))) return
    const organs = [...new Set([...(same?.organs ?? []), ...document.organs])]
    // Without the slice: a core kept for hours must not keep a segment's bytes.
    const kept = { segment: { ...document.segment, data: new Uint8Array(0) }, organs }
    assembly.documents = [...assembly.documents.filter((known) => known !== same), kept]
    assembly.newDocuments.push(kept)
  }

  async function take(document: CheckedDocument, link: string): Promise<void> {
    const assembly = await enter(document, link)
    if (assembly === null || assembly.over) return deliverKnown(document, link)
    gather(assembly, document)
    const { segment } = document.segment.envelope
    assembly.touchedAt = context.now()
    const place = linkOf.get(assembly.uid)
    if (place !== undefined) place.touchedAt = assembly.touchedAt
    const fresh = !hasSegment(assembly.bitmap, segment) && !assembly.written.has(segment)
    if (fresh) assembly.written.add(segment)
    const write = fresh ? assembly.file.write(segment, document.segment.data) : Promise.resolve()
    // Waited for with its batch, which may be a while yet.
    write.catch(() => undefined)
    await new Promise<void>((done, failed) => {
      assembly.waiting.push({ promise: write, segment, done, failed })
      void run(assembly)
    })
  }

  /** One sync and one commit for all that waits, again until nothing does. */
  async function run(assembly: Assembly): Promise<void> {
    if (assembly.running) return
    assembly.running = true
    const wasBroken = assembly.broken !== null
    while (assembly.waiting.length > 0) {
      const batch = assembly.waiting
      assembly.waiting = []
      try {
        await commit(assembly, batch)
        for (const entry of batch) entry.done()
      } catch (error) {
        assembly.broken ??= { error }
        await Promise.allSettled(batch.map((entry) => entry.promise))
        for (const entry of batch) entry.failed(assembly.broken.error)
      }
    }
    assembly.running = false
    if (assembly.broken === null || wasBroken) return
    forget(assembly.uid)
    await assembly.file.close().catch(() => undefined)
  }

  async function commit(assembly: Assembly, batch: Assembly['waiting']): Promise<void> {
    if (assembly.over) return void (await Promise.allSettled(batch.map((entry) => entry.promise)))
    if (assembly.broken !== null) throw assembly.broken.error
    const documents = assembly.newDocuments
    assembly.newDocuments = []
    const sample = assembly.documents[0]
    if (sample === undefined) throw new RelayError('INTERNAL', { detail: { reason: 'assembly without a core' } })
    const { core } = sample.segment.envelope
    const segments = [...new Set(batch.map((entry) => entry.segment))].filter(
      (segment) => !hasSegment(assembly.bitmap, segment),
    )
    await Promise.all(batch.map((entry) => entry.promise))
    await assembly.file.sync()
    const outcome = await store.assemblies.commit({
      uid: assembly.uid,
      from: core.from,
      link: assembly.link,
      segmentBytes: core.segmentBytes,
      payload: { sha256: core.sha256, size: core.size },
      segments,
      cores: documents.map(stored),
      now: context.now(),
    })
    if (outcome === 'stopped') return abandon(assembly)
    assembly.bitmap = withSegments(assembly.bitmap, segments)
    for (const segment of segments) assembly.written.delete(segment)
    if (isComplete(assembly.bitmap) && assemblies.has(assembly.uid)) await complete(assembly)
  }

  /** Frames that wait for it are acknowledged: what they brought is dropped. */
  async function abandon(assembly: Assembly): Promise<void> {
    assembly.over = true
    forget(assembly.uid)
    await assembly.file.close()
  }

  async function complete(assembly: Assembly): Promise<void> {
    const first = assembly.documents[0]
    if (first === undefined) return
    const { core } = first.segment.envelope
    if ((await assembly.file.digest()) !== core.sha256) return fail(assembly)
    await assembly.file.close()
    const payload = await store.assemblies.finish(assembly.uid)
    const header = await headerOf(store.payloads.stream(core.sha256))
    for (const document of assembly.documents) await serving.deliver(document, payload, header)
    forget(assembly.uid)
  }

  /** Wrong bytes: start over, and after the third time say so. */
  async function fail(assembly: Assembly): Promise<void> {
    await assembly.file.close()
    const failures = await store.assemblies.drop(assembly.uid, true)
    forget(assembly.uid)
    for (const { segment, organs } of assembly.documents) {
      const { core, origin } = segment.envelope
      const about = { uid: core.uid, generation: core.generation }
      if (failures < maxFailures)
        post.send(origin, 'express', { ...about, type: 'answer', number: 0, receipts: [], missing: 'all' })
      else post.send(origin, 'express', { ...about, type: 'undeliverable', organs, code: 'DIGEST_MISMATCH' })
    }
  }

  /** A core that arrives after its payload is complete here. */
  async function deliverKnown(document: CheckedDocument, link: string): Promise<void> {
    checkCore(context, document.segment)
    const { core } = document.segment.envelope
    const isNew = (await lacking(document)).length > 0
    try {
      const header = isNew ? await headerOf(store.payloads.stream(core.sha256)) : null
      await serving.deliver(document, { sha256: core.sha256, size: core.size }, header)
    } catch (error) {
      // Withdrawn meanwhile from the last who had it: it has to be put together again.
      const isGone = error instanceof RelayError && error.code === 'NOT_FOUND'
      if (!isGone || (await store.mailbox.payloadOf(core.uid)) !== null) throw error
      await take(document, link)
    }
  }

  /** Organisations that neither have the document nor are stopped from it. */
  async function lacking({ segment, organs }: CheckedDocument): Promise<readonly OrganId[]> {
    const { uid, generation, from } = segment.envelope.core
    const receipts = await store.mailbox.receipts(uid, generation, organs)
    const without = organs.filter((organ) => !receipts.some((receipt) => receipt.organ === organ))
    const stopped = without.length === 0 ? [] : await store.mailbox.stopped(uid, generation, without, { from })
    return without.filter((organ) => !stopped.includes(organ))
  }

  /** How far an assembly is, also one that nothing has come for since the last start. */
  async function progress(uid: string): Promise<{ bitmap: Bitmap; cores: AssemblyState['cores'] } | null> {
    const assembly = await assemblies.get(uid)?.catch(() => null)
    // What is being written counts as here: the query came right behind it, and its frame is not acknowledged yet.
    if (assembly) {
      return { bitmap: withSegments(assembly.bitmap, assembly.written), cores: assembly.documents.map(stored) }
    }
    const state = await store.assemblies.load(uid)
    if (state === null) return null
    const segments = segmentCount(state.payload.size, state.segmentBytes)
    return { bitmap: { segments, bits: state.have }, cores: state.cores }
  }

  return {
    take,
    async missing(uid, generation, organs) {
      const now = await progress(uid)
      if (now === null) return null
      const lacking = missingOf(now.bitmap)
      const known = organs.every((organ) =>
        now.cores.some((core) => core.generation === generation && core.organs.includes(organ)),
      )
      // One segment brings the core that names them; the payload need not come again.
      return lacking === 'none' && !known ? [[0, 0]] : lacking
    },
    async abandon(uid) {
      const assembly = await assemblies.get(uid)?.catch(() => null)
      if (!assembly) return
      // One that is running learns it from its next commit.
      if (!assembly.running) await abandon(assembly)
    },
    async leave(isElsewhere) {
      let all = true
      const stored = (await store.assemblies.list()).map(({ uid }) => uid)
      for (const uid of new Set([...stored, ...assemblies.keys()])) {
        const assembly = await assemblies.get(uid)?.catch(() => null)
        const cores = assembly?.documents ?? (await store.assemblies.load(uid))?.cores ?? []
        if (!cores.every(({ organs }) => organs.every(isElsewhere))) continue
        const isBusy = assembly ? assembly.running || cores.length === 0 : false
        all &&= !isBusy
        if (isBusy) continue
        if (assembly) await abandon(assembly)
        await store.assemblies.drop(uid, false)
      }
      return all
    },
    get open() {
      return assemblies.size
    },
    async close() {
      for (const opening of assemblies.values()) {
        const assembly = await opening.catch(() => null)
        await assembly?.file.close().catch(() => undefined)
      }
      assemblies.clear()
    },
  }
}

/** A uid names the bytes, not how they are cut: all cores of one payload must agree on that. */
function refuseOtherShape(assembly: Assembly, { segment }: CheckedDocument): void {
  const known = assembly.documents[0]?.segment.envelope.core
  const { core } = segment.envelope
  if (known === undefined || (known.size === core.size && known.segmentBytes === core.segmentBytes)) return
  throw new RelayError('FRAME_INVALID', { detail: { uid: core.uid, why: 'cut otherwise than the core before' } })
}

function stored(document: CheckedDocument): AssemblyState['cores'][number] {
  const { segment, organs } = document
  return {
    core: segment.core,
    seal: segment.seal,
    generation: segment.envelope.core.generation,
    organs,
    path: segment.envelope.path,
  }
}

function restore(like: CheckedDocument, from: AssemblyState['cores'][number]): CheckedDocument {
  const core = Buffer.compare(like.segment.core, from.core) === 0 ? like.segment.envelope.core : decodeCore(from.core)
  const envelope = { ...like.segment.envelope, core, origin: nodeOf(sealedBy(from.seal)), path: from.path }
  return {
    segment: { ...like.segment, core: from.core, seal: from.seal, envelope, data: new Uint8Array(0) },
    organs: from.organs,
  }
}
