/** Nodes that know nothing of each other but an invitation: one joins, sends, leaves (DESIGN §9). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NodeId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { names, readInvitationLine } from '@lienthong/link'
import { type JoiningDoor, type NodeConfig, openNode, type RelayNode } from '@lienthong/relay'
import { type StoreHost, startStoreHost } from '@lienthong/store'
import { type Federation, planFederation, type TreeNode } from '../kit/federation.ts'
import { publishRaw, rawChannel } from '../kit/federation-outsider.ts'
import {
  type Broker,
  borrowBroker,
  canStartBroker,
  lastFirst,
  type Proxy,
  startProxy,
  temporaryFolder,
  waitFor,
} from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const deadlineMs = 60_000
const hourMs = 3_600_000
const act = { by: 'test', reason: 'thử' }
const district: TreeNode = { id: 'H29.18', tier: 'huyện', parent: 'H29', name: 'Huyện' }
const tree: readonly TreeNode[] = [
  { id: 'H29', tier: 'tỉnh', parent: null, name: 'Tỉnh' },
  district,
  { ...district, id: 'H29.19' },
  { ...district, id: 'H29.20' },
  { ...district, id: 'H29.21' },
  { id: 'G22', tier: 'trung ương', parent: null, name: 'Trung ương' },
]
const tops: readonly NodeId[] = ['H29', 'G22']
/** Its node.yaml says whom it pins: the province. */
const pinning: NodeId = 'H29.20'

describe('joining', { skip, timeout: 300_000 }, () => {
  const teardown = lastFirst({ after })
  const nodes = new Map<NodeId, RelayNode>()
  let plan: Federation
  let brokers: readonly [Broker, Broker]
  let host: StoreHost
  /** Before the management API of the parent's broker. */
  let management: Proxy

  before(async () => {
    brokers = await Promise.all([borrowBroker(teardown), borrowBroker(teardown)])
    const [parentBroker, childBroker] = brokers
    const { hostname, port } = new URL(parentBroker.managementUrl)
    management = await startProxy({ target: { host: hostname, port: Number(port) }, teardown })
    const dir = temporaryFolder(teardown)
    plan = planFederation({ dir, tree, brokerOf: (id) => (id === 'H29' ? parentBroker : childBroker) })
    host = startStoreHost()
    teardown.after(async () => {
      await Promise.all([...nodes.values()].map((node) => node.stop({ timeoutMs: 2_000 })))
      await host.close()
    })
    for (const { id } of tree) await start(id)
    for (const id of ['G22', 'H29', 'H29.18']) await serve(id)
  })

  function configOf(id: NodeId): NodeConfig {
    const { config, tier } = plan.node(id)
    const pinned = id === pinning ? plan.node('H29').config.key : config.key
    const roots = tops.includes(id) || id === pinning ? [{ kid: pinned.kid, publicKey: pinned.publicKey }] : []
    const managementUrl = id === 'H29' ? `http://127.0.0.1:${management.port}` : config.broker.managementUrl
    const broker = { ...config.broker, managementUrl }
    return { ...config, broker, directory: { living: true, roots, tier }, parent: null, children: [] }
  }

  async function start(id: NodeId): Promise<void> {
    nodes.set(id, await openNode(configOf(id), { store: host, log: () => undefined }))
  }

  async function restart(id: NodeId): Promise<void> {
    await node(id).stop()
    await start(id)
  }

  const node = (id: NodeId) => nodes.get(id) as RelayNode
  const door = (id: NodeId) => node(id).joining as JoiningDoor
  const child = (id: NodeId, ...delegates: string[]) => ({ id, tier: 'huyện', delegates: [id, ...delegates] })

  const bridging = (id: NodeId) => node(id).bridging as NonNullable<RelayNode['bridging']>

  async function serve(id: NodeId, ...others: readonly string[]): Promise<void> {
    const { administration } = node(id)
    const current = await administration?.current()
    if (current === undefined) throw new Error('no door')
    const { epoch, version, content } = current
    const organisations = [id, ...others].map((organ) => {
      return { id: organ, name: organ, parent: tops.includes(id) ? null : 'H29' }
    })
    await administration?.apply({ base: { epoch, version }, content: { ...content, organisations }, ...act })
  }

  async function invite(id: NodeId, validForMs = hourMs): Promise<string> {
    const [invited] = await door('H29').invite([child(id)], { validForMs }, act)
    assert.ok(invited?.token)
    return invited.token
  }

  async function ofBroker<T>(path: string): Promise<readonly T[]> {
    const { managementUrl, user, password } = brokers[0]
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const response = await fetch(`${managementUrl}/api/${path}`, { headers: { authorization } })
    return (await response.json()) as T[]
  }

  const accounts = async () => (await ofBroker<{ name: string }>('users')).map(({ name }) => name)

  /** Whether its account may do anything in the parent's part of the broker. */
  async function mayEnter(id: NodeId): Promise<boolean> {
    const { vhost } = plan.node('H29').config.broker.address
    return (await ofBroker<{ vhost: string }>(`users/${id}/permissions`)).some((each) => each.vhost === vhost)
  }

  const guestOf = (token: string) => names.guest(readInvitationLine(token).id)

  it('is for those that belong to an axis to give', async () => {
    await assert.rejects(door('H29.18').invite([child('H29.18.05')], { validForMs: hourMs }, act), {
      code: 'NODE_NOT_JOINED',
    })
    const [rehearsed] = await door('H29').invite([child('H29.18')], { validForMs: hourMs, dryRun: true }, act)
    assert.deepEqual(rehearsed, { child: 'H29.18', state: 'invited', token: null, expiresAt: null })
    assert.deepEqual(door('H29').invitations(), [])
  })

  it('lets whoever is invited do nothing but ask', async () => {
    const token = await invite('H29.18')
    const { id, password, address } = readInvitationLine(token)
    const user = names.guest(id)
    const as = { ...address, user, password }
    const tries = async (work: (channel: Awaited<ReturnType<typeof rawChannel>>) => Promise<unknown>) => {
      const channel = await rawChannel(as, teardown)
      return work(channel).then(
        (answer) => answer,
        (error: Error & { code?: number }) => error.code,
      )
    }
    const body = Buffer.from('x')
    const message = { routingKey: '', body, userId: user }
    assert.equal(await tries((channel) => publishRaw(channel, { ...message, exchange: names.submit })), 403)
    assert.equal(await tries((channel) => publishRaw(channel, { ...message, exchange: names.out })), 403)
    assert.equal(await tries((channel) => publishRaw(channel, { ...message, exchange: 'amq.direct' })), 403)
    assert.equal(
      await tries((channel) => publishRaw(channel, { ...message, exchange: '', routingKey: names.transit('bulk') })),
      403,
    )
    assert.equal(
      await tries((channel) => publishRaw(channel, { ...message, exchange: names.join, userId: 'H29.18' })),
      406,
    )
    for (const queue of [names.join, names.submit, names.link('H29.18', 'bulk'), names.transit('bulk')]) {
      assert.equal(await tries((channel) => channel.consume(queue, () => undefined)), 403, queue)
    }
    assert.equal(await tries((channel) => channel.assertQueue('mine')), 403)
    assert.equal(await tries((channel) => channel.assertExchange(`${names.join}.x`, 'fanout')), 403)
    assert.equal(await tries((channel) => channel.purgeQueue(names.join)), 403)
    assert.equal(await tries((channel) => publishRaw(channel, { ...message, exchange: names.join })), 'confirmed')
  })

  it('brings account, directory and a link by one line; the same line again changes nothing', async () => {
    const token = await invite('H29.18')
    assert.equal(await invite('H29.18'), token, 'invited already: the same line')
    const administration = node('H29').administration as NonNullable<RelayNode['administration']>
    const declared = await administration.current()
    const outcome = await door('H29.18').join(token, act)
    assert.deepEqual(outcome, { parent: 'H29', outcome: 'joined', linked: true })
    await waitFor(() => node('H29').table.listed('H29.18')?.node === 'H29.18', {
      what: 'the parent to know',
      deadlineMs,
    })
    await waitFor(() => node('H29.18').table.listed('H29')?.node === 'H29', { what: 'the child to know', deadlineMs })
    await waitFor(async () => !(await accounts()).includes(guestOf(token)), {
      what: 'the guest to be gone',
      deadlineMs,
    })
    // A version of its own, which moves nobody's base.
    const { epoch, version, content } = declared
    const [joined, invited] = await administration.history({ limit: 2 })
    assert.deepEqual([joined?.by, joined?.reason], [plan.node('H29.18').config.key.kid, 'join'])
    assert.deepEqual([joined?.version, joined?.base, joined?.content], [version + 1, { epoch, version }, content])
    assert.deepEqual([invited, await administration.current()], [declared, declared])
    assert.deepEqual(await door('H29.18').join(token, act), { parent: 'H29', outcome: 'already', linked: true })
    const [again] = await door('H29').invite([child('H29.18')], { validForMs: hourMs }, act)
    assert.deepEqual(again, { child: 'H29.18', state: 'joined', token: null, expiresAt: null })
  })

  it('carries documents both ways, also after both have started anew', async () => {
    await send('H29.18', 'H29')
    await send('H29', 'H29.18')
    await restart('H29')
    await restart('H29.18')
    await send('H29.18', 'H29')
    assert.equal(node('H29.18').table.parent, 'H29')
  })

  it('connects a province that runs to a centre, each with its own root, and stops nothing', async () => {
    const [invited] = await door('G22').invite(
      [{ id: 'H29', tier: 'tỉnh', delegates: ['H29'] }],
      { validForMs: hourMs },
      act,
    )
    const token = invited?.token ?? ''
    // The centre serves a commune of the province already, and gave nobody what the department calls itself.
    await serve('G22', 'H29.18')
    await serve('H29', 'G22.7')
    const overlaps = await bridging('H29').overlaps(token)
    const facts = (item: (typeof overlaps.items)[number]) => [item.kind, item.code, item.node, item.own.node]
    assert.deepEqual(overlaps.items.map(facts), [
      ['outside', 'G22.7', null, 'H29'],
      ['organisation', 'H29.18', 'G22', 'H29.18'],
    ])
    assert.deepEqual([overlaps.count, overlaps.joined], [2, false])
    await assert.rejects(bridging('H29.18').overlaps(token), { code: 'TOKEN_OTHER_NODE' })
    assert.equal(door('G22').invitations()[0]?.state, 'open', 'asking uses nothing up')
    await serve('G22')
    await serve('H29')
    assert.deepEqual((await bridging('H29').overlaps(token)).items, [])
    await assert.rejects(door('H29').join(token, act), { code: 'NODE_IS_ROOT' })
    assert.deepEqual(await door('H29').bridge(token, act), { parent: 'G22', outcome: 'joined', linked: true })
    assert.deepEqual(await door('H29').bridge(token, act), { parent: 'G22', outcome: 'already', linked: true })
    assert.equal((await bridging('H29').overlaps(token)).joined, true)
    const known = await bridging('H29').facts({ statusDays: 30 })
    const seen = known.nodes.find((each) => each.node === 'H29.18')
    assert.deepEqual([seen?.joined, seen?.heard, seen?.organ], [true, true, 'H29.18'])
    assert.ok(Math.abs((await node('H29').diagnosis.ping('H29.18')).clockOffsetMs ?? Infinity) < 1_000)
    await waitFor(() => node('H29.18').table.listed('G22')?.node === 'G22', { what: 'the commune to know', deadlineMs })
    await waitFor(() => node('G22').table.listed('H29.18')?.node === 'H29.18', {
      what: 'the centre to know',
      deadlineMs,
    })
    await send('H29.18', 'G22')
    await send('G22', 'H29.18')
    await send('H29.18', 'H29')
    await restart('H29')
    await send('G22', 'H29')
  })

  it('hands out no line that the broker would not let in, and goes on when it is asked again', async () => {
    await management.setMode('refuse')
    const asked = [child('H29.19'), child('H29.20')]
    const refusal = { code: 'ACCOUNT_NOT_MADE', detail: { count: 2, reason: 'BROKER_UNREACHABLE' } }
    await assert.rejects(door('H29').invite(asked, { validForMs: hourMs }, act), refusal)
    await assert.rejects(door('H29').invite(asked, { validForMs: hourMs }, act), refusal)
    await management.setMode('pass')
    const invited = await door('H29').invite(asked, { validForMs: hourMs }, act)
    assert.deepEqual(
      invited.map(({ state }) => state),
      ['kept', 'kept'],
    )
    const there = await accounts()
    for (const { token } of invited) assert.ok(there.includes(guestOf(token ?? '')))
  })

  it('refuses a line that is damaged, or for another node', async () => {
    const token = await invite('H29.19')
    const at = 40
    const damaged = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
    await assert.rejects(door('H29.19').join(damaged, act), { code: 'TOKEN_INVALID' })
    await assert.rejects(door('H29.19').join('lt1.x', act), { code: 'TOKEN_INVALID' })
    await assert.rejects(door('H29.20').join(token, act), { code: 'TOKEN_OTHER_NODE' })
  })

  it('admits one key for an invitation, and the same again while its link has not been seen', async () => {
    const token = await invite('H29.19')
    // As when the child stopped before it stored the answer.
    const { follow } = node('H29.19').membership as NonNullable<RelayNode['membership']>
    assert.equal(typeof follow, 'function')
    await node('H29.19').stop()
    const thief = plan.node('H29.20').config
    const { id, address, password } = readInvitationLine(token)
    const { askOnce, decodeJoinAnswer, encodeJoinRequest, makeJoinRequest } = await import('@lienthong/link')
    const { createSealingKey } = await import('@lienthong/link')
    const account = { ...address, user: names.guest(id), password }
    const ask = async (key: NodeConfig['key'], asked: NodeId, invitation = id) => {
      const body = encodeJoinRequest(makeJoinRequest(asked, key, invitation))
      return decodeJoinAnswer(await askOnce(account, { exchange: names.join, body, timeoutMs: deadlineMs }))
    }
    const code = (answer: Awaited<ReturnType<typeof ask>>) => ('refused' in answer ? answer.refused : 'granted')
    assert.equal(code(await ask(thief.key, 'H29.20')), 'TOKEN_OTHER_NODE')
    assert.equal(code(await ask(plan.node('H29.19').config.key, 'H29.19', 'another')), 'JOIN_REFUSED')
    const first = await ask(plan.node('H29.19').config.key, 'H29.19')
    assert.deepEqual(await ask(plan.node('H29.19').config.key, 'H29.19'), first)
    assert.equal(code(await ask(createSealingKey('H29.19', 1), 'H29.19')), 'TOKEN_USED')
    await start('H29.19')
    await restart('H29')
    assert.deepEqual(await door('H29.19').join(token, act), { parent: 'H29', outcome: 'joined', linked: true })
  })

  it('is over when the invitation has expired', async () => {
    const token = await invite('H29.21', 1_500)
    await waitFor(async () => !(await accounts()).includes(guestOf(token)), { what: 'the account to go', deadlineMs })
    await assert.rejects(door('H29.21').join(token, act), { code: 'TOKEN_EXPIRED' })
    assert.notEqual(await invite('H29.21'), token)
  })

  it('goes by a file where no line exists yet, bound to the key that asked', async () => {
    const request = door('H29.20').request()
    await management.setMode('refuse')
    const refusal = { code: 'ACCOUNT_NOT_MADE', detail: { count: 1, reason: 'BROKER_UNREACHABLE' } }
    await assert.rejects(door('H29').grant(request, child('H29.20'), act), refusal)
    await assert.rejects(door('H29').grant(request, child('H29.20'), act), refusal)
    await management.setMode('pass')
    const { answer } = await door('H29').grant(request, child('H29.20'), act)
    assert.ok((await accounts()).includes('H29.20'), 'whoever has the answer gets in')
    await assert.rejects(door('H29.21').accept(answer, act), { code: 'TOKEN_OTHER_NODE' })
    assert.deepEqual(await door('H29.20').accept(answer, act), { parent: 'H29', outcome: 'joined', linked: true })
    await assert.rejects(door('H29').grant(request.replace('ltq1.', 'lta1.'), child('H29.20'), act), {
      code: 'TOKEN_INVALID',
    })
  })

  it('ends when the child leaves, or when the parent revokes it', async () => {
    const declares = async (id: NodeId) => {
      const { content } = (await node('H29').administration?.current()) ?? {}
      return content?.children.some((each) => each.id === id)
    }
    await serve('H29.20')
    await waitFor(() => node('H29').table.listed('H29.20') !== null, { what: 'the parent to know', deadlineMs })
    assert.equal(await mayEnter('H29.20'), true)
    assert.deepEqual(await door('H29.20').leave(act), { parent: 'H29', outcome: 'closed' })
    assert.equal(node('H29.20').table.parent, null)
    await restart('H29.20')
    assert.equal(node('H29.20').table.parent, null)
    assert.deepEqual(await door('H29.20').leave(act), { parent: null, outcome: 'already' })
    const alone = door('H29.20').invite([child('H29.20.1')], { validForMs: hourMs }, act)
    await assert.rejects(alone, { code: 'NODE_NOT_JOINED' }, 'whom its configuration pins is above it no more')
    assert.equal(await declares('H29.20'), false)
    assert.equal(node('H29').table.listed('H29.20'), null)
    await waitFor(async () => !(await mayEnter('H29.20')), { what: 'its account to be closed', deadlineMs })
    assert.equal(await door('H29').dismiss('H29.20', act), 'already')
    await assert.rejects(door('H29').dismiss('H30', act), { code: 'NOT_FOUND' })
    // Its keys are good still.
    const again = await invite('H29.20')
    assert.equal((await door('H29.20').join(again, act)).outcome, 'joined')
    assert.equal(await door('H29').dismiss('H29.20', act), 'dismissed')
    assert.equal(await declares('H29.20'), false)
    assert.deepEqual(await door('H29.20').leave(act), { parent: 'H29', outcome: 'untold' })

    assert.equal((await door('H29').revoke('H29.18', act)).outcome, 'revoked')
    assert.equal(node('H29').table.listed('H29.18'), null)
    await waitFor(async () => (await node('H29.18').status()).link?.phase !== 'open', {
      what: 'the link to close',
      deadlineMs,
    })
  })

  it('is told when a child that is to be revoked has left, and its keys are worth nothing all the same', async () => {
    const revoked = await door('H29').revoke('H29.20', act)
    assert.deepEqual([revoked.outcome, revoked.parent], ['left', null])
    assert.ok(revoked.leftAt !== null && Math.abs(Date.now() - revoked.leftAt) < deadlineMs)
    assert.deepEqual(await door('H29').revoke('H29.20', act), revoked)
    const again = await invite('H29.20')
    await assert.rejects(door('H29.20').join(again, act), { code: 'KEY_REVOKED' })
    await assert.rejects(door('H29').revoke('H30', act), { code: 'NOT_FOUND' })

    // One that belongs to somebody else by now keeps its keys.
    await serve('H29.19')
    assert.deepEqual(await door('H29.19').leave(act), { parent: 'H29', outcome: 'closed' })
    const [invited] = await door('G22').invite([child('H29.19')], { validForMs: hourMs }, act)
    assert.equal((await door('H29.19').join(invited?.token ?? '', act)).outcome, 'joined')
    await waitFor(() => node('H29').table.listed('H29.19')?.node === 'H29.19', {
      what: 'the province to hear of it',
      deadlineMs,
    })
    const moved = await door('H29').revoke('H29.19', act)
    assert.deepEqual([moved.outcome, moved.parent], ['moved', 'G22'])
    await send('H29.19', 'H29')
  })

  let sent = 0
  async function send(from: NodeId, to: NodeId): Promise<void> {
    sent += 1
    const before = (await node(to).mailbox.list(to, { after: 0, limit: 1000 })).length
    await node(from).submit({
      as: from,
      body: samplePacket({
        from: { organId: from, organName: from },
        to: [{ organId: to, organName: to }],
        number: `${sent}/UBND-VP`,
        subject: 'Thử',
      }),
    })
    await waitFor(async () => (await node(to).mailbox.list(to, { after: 0, limit: 1000 })).length > before, {
      what: `a document from ${from} at ${to}`,
      deadlineMs,
    })
  }
})
