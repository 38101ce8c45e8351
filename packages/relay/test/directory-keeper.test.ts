import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type NodeId, nothingDeclared } from '@lienthong/core'
import { createSealingKey, type SendOutcome } from '@lienthong/link'
import { openBook } from '../src/directory-book.ts'
import { nodeKey } from './a-node.ts'
import {
  centre,
  centreKey,
  childOf,
  districtKey,
  entryOf,
  type Kept,
  keep,
  living,
  organs,
  say,
  sibling,
  siblingKey,
} from './kept-directory.ts'

const codesOf = ({ said }: Kept) =>
  said.map(({ code, detail }) => `${String(detail['link'])} ${String(detail['node'])} ${code}`)

describe('what neighbours announce', () => {
  it('is routed by, kept over a restart, and passed on to all but the one it came from', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre(), sibling())

    assert.equal(kept.node.directory.table().parent, 'G22')
    assert.notEqual(kept.node.directory.table().listed('H26'), null)
    assert.deepEqual(
      kept.given('G22').filter((each) => !each.startsWith('H29 ')),
      [],
    )
    assert.deepEqual(
      kept.given('H29.18').filter((each) => !each.startsWith('H29 ')),
      ['G22 1', 'H26 1'],
    )
    const again = openBook(kept.node.context.config, living, { loaded: await kept.node.store.directory.load(), at: 0 })
    assert.deepEqual([...again.set.held.keys()].sort(), ['G22', 'H26', 'H29'])
    assert.ok(again.state.version >= 2)
    const { keys } = await kept.node.store.directory.load()
    assert.deepEqual(keys.map(([node]) => node).sort(), ['G22', 'H26', 'H29'])
  })

  it('is compared with what neighbours say they have, as long as they are heard', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre())
    const have = (digest: string) => {
      for (const from of ['H29.18', 'G22']) kept.hear(from, { type: 'have', digest, count: 1 })
    }
    const { digest } = kept.book.holdings()
    const other = digest.replace(/^./, (first) => (first === '0' ? '1' : '0'))
    assert.deepEqual(kept.keeper.steps(), [])

    have(other)
    const since = kept.node.clock.now
    kept.node.clock.now += 60_000
    have(other)
    const steps = (differsSince: number | null) => ['G22', 'H29.18'].map((node) => ({ node, differsSince }))
    assert.deepEqual(kept.keeper.steps(), steps(since))
    have(digest)
    assert.deepEqual(kept.keeper.steps(), steps(null))
    kept.node.clock.now += 200_000
    assert.deepEqual(kept.keeper.steps(), [])
  })

  it('tells of a child that has left: by its own newer word, which names nobody', async (t) => {
    const kept = await keep(t)
    await kept.declare({ children: [{ id: 'H29.18', tier: '', delegates: ['H29.18'] }] })
    await kept.keeper.say({
      ...{ type: 'x', act: { by: 'x', reason: '' } },
      word: (now) => ({ ...now, childKeys: new Map([['H29.18', [entryOf(districtKey, [nodeKey])]]]) }),
    })
    const word = (version: number, parent: NodeId | null, key = districtKey) =>
      say(key, { node: 'H29.18', parent, version })
    await kept.bring('H29.18', word(1, null))
    assert.deepEqual(kept.left, [], 'what it said before it joined')
    await kept.bring('H29.18', word(3, 'H29'))
    await kept.bring('H29.18', word(2, null), word(4, 'H26'), word(5, null, createSealingKey('H29.18', 1)))
    assert.deepEqual(kept.left, [])
    await kept.bring('G22', word(6, null))
    assert.deepEqual(kept.left, ['H29.18 H29.18#1'])
  })

  it('may come before what it rests upon', async (t) => {
    const kept = await keep(t)
    await kept.bring('H29.18', sibling())
    assert.equal(kept.node.directory.table().listed('H26'), null)
    await kept.bring('G22', centre())
    assert.notEqual(kept.node.directory.table().listed('H26'), null)
    assert.deepEqual(codesOf(kept), [])
  })

  it('is refused, with who brought it, when it is old, forged, foreign, or replaces a key by itself', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre({ version: 3 }), sibling({ version: 5 }))
    kept.said.length = 0
    const held = new Map(kept.book.set.held)
    const thief = createSealingKey('H26', 2)
    const replaced = childOf('H26', [entryOf(siblingKey, [centreKey]), entryOf(thief, [districtKey], 'H26#1')])
    await kept.bring('H29.18', sibling({ version: 4 }))
    await kept.bring('H29.18', say(createSealingKey('H26', 1), { node: 'H26', version: 6 }))
    await kept.bring('H29.18', say(districtKey, { node: 'G22', parent: null, version: 9, children: [replaced] }))
    await kept.bring(
      'G22',
      centre({ version: 4, children: [childOf('H29', [entryOf(nodeKey, [centreKey])]), replaced] }),
    )
    await kept.bring('H29.18', sibling({ version: 6, organisations: organs('H26', 'G12') }))

    assert.deepEqual(codesOf(kept), [
      'H29.18 H26 ANNOUNCEMENT_OLD',
      'H29.18 H26 SEAL_INVALID',
      'H29.18 G22 SEAL_INVALID',
      'G22 G22 KEY_HANDOVER_MISSING',
      'undefined H26 DELEGATION_EXCEEDED',
    ])
    assert.equal(kept.book.set.held.get('G22'), held.get('G22'))
    assert.equal(kept.node.directory.table().listed('G12'), null)
    const lie = { ...entryOf(siblingKey, [districtKey]) }
    const forged = { ...lie, vouchers: (lie.vouchers ?? []).map((voucher) => ({ ...voucher, by: 'G22#1' })) }
    const other = await keep(t)
    await other.bring(
      'G22',
      centre({ children: [childOf('H29', [entryOf(nodeKey, [centreKey])]), childOf('H26', [forged])] }),
      sibling(),
    )
    assert.deepEqual(codesOf(other), ['G22 H26 KEY_NOT_VOUCHED'])
    // Said once, however often it comes.
    await kept.bring('H29.18', sibling({ version: 4 }))
    assert.equal(kept.said.length, 5)
  })

  it('of this node itself, and newer than it remembers, is taken up', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre())
    const forgotten = say(nodeKey, { node: 'H29', epoch: 1, version: 40, organisations: organs('H29', 'H29.7') })
    await kept.bring('G22', forgotten)
    assert.equal(kept.book.declared.version, 40)
    assert.notEqual(kept.node.directory.table().listed('H29.7'), null)
    await kept.declare({ organisations: organs('H29') })
    const { epoch, version } = kept.book.declared
    assert.deepEqual([epoch, version], [2, 1])
    // By somebody who does not have the key it is nothing.
    await kept.bring('G22', say(createSealingKey('H29', 1), { node: 'H29', epoch: 9, version: 1 }))
    assert.equal(kept.book.declared.epoch, 2)
  })
})

describe('a node with another key', () => {
  it('goes on by itself until somebody above vouches for it, and then as before', async (t) => {
    const first = await keep(t)
    await first.declare({ organisations: organs('H29') })
    await first.keeper.stop()
    const nextKey = createSealingKey('H29', 2)
    const kept = await keep(t, { node: first.node, key: nextKey })
    assert.equal(kept.book.mine?.kid, 'H29#2')
    assert.deepEqual([kept.node.directory.table().parent, kept.node.directory.table().listed('H29')?.id], [null, 'H29'])
    // Its own old key is lost: as the centre is pinned, its word is enough.
    const keys = [entryOf(nodeKey, [centreKey]), entryOf(nextKey, [centreKey], 'H29#1')]
    await kept.bring('G22', centre({ version: 2, children: [childOf('H29', keys)] }))
    const table = kept.node.directory.table()
    assert.deepEqual([table.parent, table.listed('H29')?.id], ['G22', 'H29'])
  })
})

describe('two neighbours', () => {
  it('say one number while they hold the same, and otherwise want what they lack', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre(), sibling())
    kept.sent.length = 0
    kept.linked('G22')
    await kept.keeper.settled()
    const [greeting] = kept.sent
    assert.ok(greeting?.message.type === 'have')
    // A child hears in answer that it has the same; of the parent's answer nothing follows.
    kept.hear('H29.18', greeting.message)
    kept.hear('G22', { ...greeting.message, digest: '1'.repeat(64) })
    await kept.keeper.settled()
    assert.deepEqual(kept.sent, [greeting, { ...greeting, to: 'H29.18' }])
    assert.deepEqual(
      kept.keeper.steps().map(({ node, differsSince }) => [node, differsSince === null]),
      [
        ['G22', false],
        ['H29.18', true],
      ],
    )

    kept.sent.length = 0
    kept.hear('H29.18', { ...greeting.message, digest: '0'.repeat(64) })
    await kept.keeper.settled()
    assert.equal(kept.sent[0]?.message.type, 'have')
    const list = kept.sent.at(-1)?.message
    assert.ok(list?.type === 'list')
    assert.deepEqual(
      list.entries.map(({ node }) => node),
      ['G22', 'H26', 'H29'],
    )
    // The same two are not compared again at once.
    kept.hear('H29.18', { ...greeting.message, digest: '0'.repeat(64) })
    await kept.keeper.settled()
    assert.deepEqual(
      kept.sent.map(({ message }) => message.type),
      ['have', 'list', 'have'],
    )

    const newer = { node: 'G22', epoch: 1, version: 9, mark: '0'.repeat(16) }
    kept.hear('G22', { type: 'list', from: null, to: 'H27', entries: [newer] })
    await kept.keeper.settled()
    const [want, offer] = kept.sent.slice(3).map(({ message }) => message)
    assert.deepEqual(want, { type: 'want', nodes: ['G22'] })
    assert.ok(offer?.type === 'offer')
    assert.deepEqual(
      offer.entries.map(({ node }) => node),
      ['H26'],
    )

    kept.sent.length = 0
    kept.hear('H29.18', { type: 'want', nodes: ['H26', 'G22', 'unknown'] })
    await kept.keeper.settled()
    assert.deepEqual(kept.given('H29.18'), ['G22 1', 'H26 1'])
  })

  it('do not want again what was refused', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre())
    const forged = say(createSealingKey('H26', 1), { node: 'H26', version: 6 })
    await kept.bring('G22', forged)
    kept.sent.length = 0
    const entry = { node: 'H26', epoch: 1, version: 6, mark: forged.digest.slice(0, 16) }
    kept.hear('G22', { type: 'offer', entries: [entry] })
    await kept.keeper.settled()
    assert.equal(kept.sent.length, 0)
    kept.hear('G22', {
      type: 'offer',
      entries: [
        { ...entry, version: 7 },
        { ...entry, mark: 'f'.repeat(16) },
      ],
    })
    await kept.keeper.settled()
    assert.deepEqual(
      kept.sent.map(({ message }) => message.type),
      ['want'],
    )
  })

  it('stop in the middle when the way breaks, and a child that is away is sent nothing', async (t) => {
    let outcome: SendOutcome = 'lost'
    const kept = await keep(t, { outcome: () => outcome })
    await kept.bring('G22', centre())
    outcome = 'confirmed'
    kept.node.clock.now += 600_000
    kept.sent.length = 0
    await kept.bring('G22', sibling())
    assert.deepEqual(kept.given('H29.18'), [])
    kept.hear('H29.18', { type: 'want', nodes: ['H26'] })
    await kept.keeper.settled()
    assert.deepEqual(kept.given('H29.18'), ['H26 1'])
  })

  it('are not listened to past what one may say in a minute, while the other one is', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre())
    kept.sent.length = 0
    kept.said.length = 0
    const flood = Array.from({ length: 7_000 }, () => ({ type: 'want', nodes: ['G22'] }) as const)
    kept.hear('H29.18', ...flood)
    await kept.bring('G22', sibling())
    assert.notEqual(kept.node.directory.table().listed('H26'), null)
    const limits = () => kept.said.filter(({ code }) => code === 'RATE_LIMITED')
    assert.deepEqual(limits(), [{ code: 'RATE_LIMITED', detail: { neighbour: 'H29.18' } }])
    const answered = kept.given('H29.18').filter((each) => each === 'G22 1').length
    assert.ok(answered > 0 && answered <= 1_000, String(answered))

    // The next minute is one of the same episode, and the one after it that begins well is heard again.
    kept.node.clock.now += 60_000
    kept.hear('H29.18', ...flood)
    await kept.keeper.settled()
    assert.equal(limits().length, 1)
    kept.node.clock.now += 120_000
    kept.sent.length = 0
    kept.hear('H29.18', { type: 'want', nodes: ['G22'] })
    await kept.keeper.settled()
    assert.deepEqual(kept.given('H29.18'), ['G22 1'])
  })

  it('pass over what they cannot read', async (t) => {
    const kept = await keep(t)
    kept.hear('G22', { type: 'piece', batch: '0'.repeat(16), index: 0, count: 1, bytes: Uint8Array.of(1, 2) })
    await kept.keeper.settled()
    assert.deepEqual(
      kept.said.map(({ code, detail }) => [code, detail['neighbour']]),
      [['FRAME_INVALID', 'G22']],
    )
  })
})

describe('what is declared', () => {
  it('is refused whole when it cannot be announced or routed by, and nothing has changed', async (t) => {
    const kept = await keep(t)
    await kept.bring('G22', centre())
    await kept.declare({ organisations: organs('H29', 'H29.1') })
    const before = { ...kept.book }
    for (const [content, code] of [
      [{ organisations: organs('G12') }, 'DELEGATION_EXCEEDED'],
      [{ organisations: organs('H29', 'h29') }, 'ANNOUNCEMENT_INVALID'],
      [
        { ...nothingDeclared, children: [childOf('H29.1', []), childOf('H29.2', [], ['H29.1'])] },
        'ANNOUNCEMENT_INVALID',
      ],
    ] as const) {
      await assert.rejects(kept.declare(content), { code })
      assert.equal(kept.book.mine, before.mine)
      assert.equal(kept.book.declared, before.declared)
    }
    const stored = await kept.node.store.directory.load()
    assert.equal(stored.declared?.version, before.declared.version)
  })
})
