import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { type Core, RelayError } from '@lienthong/core'
import { encodeCore, seal, uidOf } from '@lienthong/link'
import type { AssemblyFile } from '@lienthong/store'
import { type Assembler, createAssembler } from '../src/assembler.ts'
import type { NodeContext } from '../src/context.ts'
import { createServing } from '../src/serving.ts'
import { aNode, nodeKey } from './a-node.ts'

const organ = 'H29.1'
const segmentBytes = 1_000
const post = { send: () => undefined, close: () => undefined }

/** The same object but for these. */
function but<Whole extends object>(whole: Whole, other: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      if (name in other) return Reflect.get(other, name)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

it('segments that meet a full disk are all taken again, also those that came while it was noticed', async (t) => {
  const { context: usual, store, clock } = await aNode(t)
  let isFull = true
  let noticed: () => void = () => undefined
  const notice = new Promise<void>((resolve) => {
    noticed = resolve
  })
  const refuse = () => Promise.reject(new RelayError('DISK_FULL'))
  const onDisk = (file: AssemblyFile) =>
    but(file, {
      write: (segment, bytes) => (isFull && segment > 0 ? refuse() : file.write(segment, bytes)),
      sync: () => (isFull ? notice.then(refuse) : file.sync()),
    })
  const assemblies = but(store.assemblies, {
    file: async (...asked) => onDisk(await store.assemblies.file(...asked)),
  })
  const config = { ...usual.config, limits: { ...usual.config.limits, openAssemblies: 8 } }
  const context = Object.create(usual, {
    config: { value: config },
    store: { value: but(store, { assemblies }) },
  }) as NodeContext
  let assembler: Assembler | null = null
  const serving = createServing(context, {
    post,
    assembler: () => assembler ?? assert.fail(),
    onMoved: () => undefined,
  })
  assembler = createAssembler(context, serving, post)
  t.after(() => assembler?.close())

  const bytes = randomBytes(2_500)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const named = { kind: 'document', businessType: 0, from: 'H29', documentId: '1', sha256 } as const
  const core: Core = {
    ...{ ...named, version: 1, uid: uidOf(named), generation: 1, recipients: [organ], size: bytes.length },
    ...{ segmentBytes, lane: 'bulk', sealedAt: clock.now, directoryVersion: 1 },
  }
  const encoded = encodeCore(core)
  const take = (segment: number) => {
    const data = bytes.subarray(segment * segmentBytes, (segment + 1) * segmentBytes)
    const envelope = { core, origin: 'H29', to: [0], segment, path: [] }
    return assembler?.take(
      { segment: { core: encoded, seal: seal(encoded, nodeKey), envelope, data }, organs: [organ] },
      'H29.18',
    )
  }

  const first = take(0)
  const others = [take(1), take(2)]
  const refused = Promise.allSettled([first, ...others])
  // By then the first one waits for the disk, and the others for the first.
  setTimeout(noticed, 200)
  const codes = (await refused).map((each) => (each.status === 'rejected' ? each.reason.code : each.status))
  assert.deepEqual(codes, ['DISK_FULL', 'DISK_FULL', 'DISK_FULL'])

  isFull = false
  await Promise.all([take(0), take(1), take(2)])
  const items = await store.mailbox.list(organ, { after: 0, limit: 9, all: true })
  assert.deepEqual(
    items.map(({ payload }) => payload.sha256),
    [sha256],
  )
})
