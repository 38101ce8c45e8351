/**
 * Tables of joined nodes changed by the program, as a person would: what one declares all follow, and all is taken back;
 * and the tree itself, by a legal act that drops a tier.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openControlServer, socketPathOf } from '@lienthong/cli'
import type { NodeId, OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { type JoinedFederation, prepareFederation } from '../kit/federation-joined.ts'
import { canStartBroker, lastFirst, runProcess, startProcess, temporaryFolder, waitFor } from '../kit/index.ts'

const program = fileURLToPath(new URL('../../bin/lienthong.mjs', import.meta.resolve('@lienthong/cli')))
const why = canStartBroker() ? false : 'rabbitmq-server is missing'
const deadlineMs = 60_000

const tree = [
  { id: 'G22', tier: 'trung ương', parent: null, name: 'Trung ương' },
  { id: 'H26', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ nhất' },
] as const
const district = [
  { id: 'H29.05', tier: 'huyện', parent: 'H29', name: 'Huyện' },
  { id: 'H29.05.01', tier: 'xã', parent: 'H29.05', name: 'Xã thứ nhất' },
  { id: 'H29.05.02', tier: 'xã', parent: 'H29.05', name: 'Xã thứ hai' },
] as const
const sure = ['--approve', '--reason', 'QĐ 12/2026', '--by', 'truc-1'] as const

describe('tables of joined nodes', { skip: why, timeout: 600_000 }, () => {
  const teardown = lastFirst({ after })
  let federation: JoinedFederation
  let dir = ''
  let numbers = 0
  const controls = new Map<NodeId, Awaited<ReturnType<typeof openControlServer>>>()

  async function run(id: NodeId, ...args: readonly string[]) {
    return runProcess({
      args: [program, ...args, '--data', federation.dataDir(id)],
      cwd: dir,
      env: { LANG: 'C.UTF-8' },
      teardown,
    })
  }

  /** What it prints; fails when it does. */
  async function done(id: NodeId, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run(id, ...args)
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stderr}`)
    return stdout
  }

  function everywhere(what: string, holds: (id: NodeId) => boolean): Promise<unknown> {
    return waitFor(() => tree.every(({ id }) => holds(id)), { what, deadlineMs })
  }

  before(async () => {
    federation = await prepareFederation(teardown, {
      tree: [...tree, ...district],
      invited: district.map(({ id }) => id),
    })
    dir = temporaryFolder(teardown)
    for (const { id } of tree) await start(id)
    await done('G22', 'org', 'add', 'G22', '--name', 'Văn phòng Chính phủ', ...sure)
    for (const id of ['H26', 'H29'] as const) await belong(id, 'G22')
  })

  async function start(id: NodeId): Promise<void> {
    const node = await federation.start(id)
    const control = await openControlServer(node, socketPathOf(federation.dataDir(id)))
    controls.set(id, control)
    teardown.after(() => control.close({ timeoutMs: 0 }))
  }

  async function stop(id: NodeId): Promise<void> {
    await controls.get(id)?.close({ timeoutMs: 0 })
    await federation.stop(id)
  }

  /** Joins its parent and serves its own unit. */
  async function belong(id: NodeId, parent: NodeId): Promise<void> {
    await federation.join(id)
    await waitFor(() => federation.node(id).table.listed(parent) !== null, { what: `${parent} at ${id}`, deadlineMs })
    await done(id, 'org', 'add', id, '--name', `Ủy ban nhân dân ${id}`, '--parent', parent, ...sure)
  }

  it('follow a spreadsheet of one node, which declares nothing outside its delegation', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `H29.${index + 101};Xã ${index + 101};01/07/2025`)
    writeFileSync(join(dir, 'xa.csv'), `\uFEFFMã;Tên;Từ ngày\r\n${rows.join('\r\n')}\r\n`)
    assert.match(await done('H29', 'org', 'import', 'xa.csv', ...sure), /40 added/)
    await everywhere('H29.140', (id) => federation.node(id).table.listed('H29.140')?.node === 'H29')
    assert.match(await done('H26', 'org', 'show', 'H29.140'), /Xã 140/)

    const outside = await run('H29', 'org', 'add', 'H26.1', '--name', 'X', '--parent', 'H29', ...sure)
    assert.equal(outside.exitCode, 3)
    assert.match(outside.stderr, /H26\.1 lies outside what was delegated/)
  })

  it('are changed by a file, refused when it is late, and rolled back for all', async () => {
    await done('H29', 'org', 'close', 'H29.101', '--on', '2025-12-31', '--successor', 'H29.102', ...sure)
    await everywhere('H29.101 to be closed', (id) => federation.node(id).table.listed('H29.101')?.validTo !== undefined)

    writeFileSync(join(dir, 'late.yaml'), 'base: { epoch: 1, version: 1 }\ngroups: { some: [H29.102] }\n')
    const late = await run('H29', 'routes', 'apply', 'late.yaml', ...sure)
    assert.match(late.stderr, /\[BASE_MOVED\]/)

    const { items } = JSON.parse(await done('H29', 'routes', 'history', '-o', 'json'))
    const [newest, previous] = items
    assert.deepEqual([newest.by, newest.reason, newest.changes.changed], ['truc-1', 'QĐ 12/2026', 1])
    await done('H29', 'routes', 'rollback', `${previous.epoch}.${previous.version}`, ...sure)
    await everywhere('H29.101 to be open', (id) => federation.node(id).table.resolve('H29.101').found)
    const open = await done('H26', 'org', 'show', 'H29.101', '-o', 'json')
    assert.equal(JSON.parse(open).organisation.validTo, undefined)
  })

  it('hold what one node alone is told to hold', async () => {
    writeFileSync(join(dir, 'hold.yaml'), 'exceptions: [{ organ: H26, hold: true, reason: bảo trì }]\n')
    const { current } = JSON.parse(await done('H29', 'routes', 'show', '-o', 'json'))
    const base = ['--base', `${current.epoch}.${current.version}`]
    await done('H29', 'routes', 'apply', 'hold.yaml', ...base, ...sure)
    const held = await run('H29', 'routes', 'explain', 'H29', 'H26')
    assert.match(held.stderr, /bảo trì.*\[RECEIVER_HELD\]/)
    assert.deepEqual(federation.node('H29').table.holdOf('H26'), { reason: 'bảo trì' })
    assert.match(await done('G22', 'routes', 'explain', 'H29', 'H26'), /H26/)
    await done('H29', 'routes', 'rollback', base[1] ?? '', ...sure)
    assert.equal(federation.node('H29').table.holdOf('H26'), null)
  })

  const all = [...tree, ...district].map(({ id }) => id)
  const reorg = async (act: string, file: string, ids: readonly NodeId[], ...args: readonly string[]) =>
    runProcess({
      args: [program, 'reorg', act, file, ...ids.flatMap((id) => ['--data', federation.dataDir(id)]), ...args],
      cwd: dir,
      env: { LANG: 'C.UTF-8' },
      teardown,
    })

  async function send(from: NodeId, to: OrganId): Promise<string> {
    const number = `${(numbers += 1)}/VP`
    const party = (organId: OrganId) => ({ organId, organName: organId })
    const body = samplePacket({ from: party(from), to: [party(to)], number, subject: 'x' })
    return (await federation.node(from).submit({ as: from, body })).uid
  }

  it('are re-organised with dates: declared now, begun on the day, done once', async () => {
    writeFileSync(
      join(dir, 'merge.yaml'),
      'effective: 2099-07-01\nreason: NQ 60\nchanges:\n  - { merge: [H29.139, H29.140], into: H29.150, name: Xã mới }\n',
    )
    const planned = await reorg('plan', 'merge.yaml', ['H29'])
    assert.match(planned.stdout, /H29\.139 to 2099-06-30, then H29\.150/)
    assert.equal(federation.node('G22').table.listed('H29.150'), null)
    const applied = await reorg('apply', 'merge.yaml', ['H29', 'H26'], '--approve')
    assert.equal(applied.exitCode, 0, applied.stderr)
    await everywhere('H29.150', (id) => federation.node(id).table.listed('H29.150')?.validFrom === '2099-07-01')
    const onTheDay = ['routes', 'explain', 'H26', 'H29.139', '--on', '2099-07-01', '-o', 'json']
    const { to } = JSON.parse(await done('H26', ...onTheDay)) as { to: { organ: string; by: string }[] }
    assert.deepEqual([to[0]?.organ, to[0]?.by], ['H29.150', 'successor'])
    const [newest] = JSON.parse(await done('H29', 'routes', 'history', '-o', 'json')).items
    const again = await reorg('apply', 'merge.yaml', ['H29'], '--approve')
    assert.match(again.stdout, /Every step is done/)
    assert.deepEqual(JSON.parse(await done('H29', 'routes', 'history', '-o', 'json')).items[0], newest)
  })

  it('are rehearsed with the expected traffic, from a table too; what is split is decided by hand', async () => {
    writeFileSync(join(dir, 'sap-nhap.csv'), 'Mã cũ;Mã mới;Tên mới\r\nH29.137;H29.151;Xã ghép\r\nH29.138;H29.151;\r\n')
    const table = await reorg('plan', 'sap-nhap.csv', ['H29'], '--effective', '2026-01-01', '--reason', 'NQ 61')
    assert.match(
      table.stdout,
      /H29\.151 "Xã ghép" from 2026-01-01[^]*H29\.138 to 2025-12-31, then H29\.151/,
      table.stderr,
    )

    writeFileSync(
      join(dir, 'split.yaml'),
      'effective: 2025-08-01\nreason: NQ 62\nchanges:\n  - split: H29.136\n    into: [{ code: H29.152, name: A }, { code: H29.153, name: B }]\n',
    )
    writeFileSync(join(dir, 'pairs.csv'), 'from;to\nG22;H29.136\nH26;H29.135\n')
    const rehearsed = await reorg('apply', 'split.yaml', ['H29'], '--dry-run', '--traffic', 'pairs.csv', '-o', 'json')
    const { counts, items } = JSON.parse(rehearsed.stdout)
    assert.deepEqual([counts.waits, counts.same, items[0].before.path], [1, 1, ['G22', 'H29']])
    assert.ok(federation.node('H29').table.resolve('H29.136').found)

    // With what was sent, too, which each node that is reached tells in counts.
    for (const [from, to] of [
      ['H26', 'H29.136'],
      ['H26', 'H29.136'],
      ['H26', 'H29.135'],
      ['H29', 'H29.136'],
      ['G22', 'H29.136'],
    ] as const) {
      await send(from, to)
    }
    const asSent = await reorg('apply', 'split.yaml', ['H29', 'H26'], '--dry-run', '--traffic-days', '1', '-o', 'json')
    const { documents, silent, items: pairs, days } = JSON.parse(asSent.stdout)
    assert.deepEqual([days, documents], [1, { all: 4, changed: 3 }])
    assert.ok(silent.includes('G22') && !silent.includes('H26') && !silent.includes('H29'), String(silent))
    const told = pairs.map(
      (each: Record<string, string>) => `${each['from']} ${each['to']} ${each['documents']} ${each['outcome']}`,
    )
    assert.deepEqual(told.toSorted(), ['H26 H29.135 1 same', 'H26 H29.136 2 waits', 'H29 H29.136 1 waits'])
    const shown = await reorg('apply', 'split.yaml', ['H29', 'H26'], '--dry-run')
    assert.match(shown.stdout, /H26 +H29\.136 +2 .* waits\n[^]*In 30 days: 4 documents.*; 3 of them meet a change/)
    assert.match(shown.stderr, /Without what these nodes have sent.*G22/)
    for (const bad of [
      ['--traffic-days', '91'],
      ['--traffic-days', '0'],
      ['--traffic-days', '5', '--traffic', 'pairs.csv'],
    ])
      assert.equal((await reorg('apply', 'split.yaml', ['H29'], '--dry-run', ...bad)).exitCode, 2, String(bad))

    const applied = await reorg('apply', 'split.yaml', ['H29'], '--approve')
    assert.equal(applied.exitCode, 0, applied.stderr)
    const decided = (id: NodeId, from: string) => {
      const found = federation.node(id).table.resolve('H29.136', from)
      return found.found ? found.organ : found.code
    }
    await everywhere('the split', (id) => decided(id, 'H26') === 'RECEIVER_SPLIT')
    await done('H29', 'reorg', 'decide', 'H29.136', '--to', 'H29.152', ...sure)
    await done('H29', 'reorg', 'decide', 'H29.136', '--from', 'H26', '--to', 'H29.153', ...sure)
    await everywhere('both rules', (id) => decided(id, 'H26') === 'H29.153' && decided(id, 'G22') === 'H29.152')
  })

  it('say how much of a mailbox is still to go to the node that keeps it now, until all has', async () => {
    const [closing, at, heir] = ['H29.160', 'H29', 'H26'] as const
    await done(at, 'org', 'add', closing, '--name', 'Xã 160', '--parent', at, ...sure)
    await everywhere(closing, (id) => federation.node(id).table.listed(closing) !== null)
    const uids = [await send('G22', closing), await send('G22', closing), await send(at, closing)]
    const waiting = async (id: NodeId, organ: OrganId) =>
      (await federation.node(id).mailbox.list(organ)).map(({ uid }) => uid)
    const all3 = async () => (await waiting(at, closing)).length === uids.length
    await waitFor(all3, { what: 'three documents', deadlineMs })
    await stop(heir)
    writeFileSync(
      join(dir, 'across.yaml'),
      `effective: 2025-09-01\nreason: NQ 63\nchanges:\n  - { merge: [${closing}], into: ${heir} }\n`,
    )
    const applied = await reorg('apply', 'across.yaml', [at], '--approve')
    assert.match(applied.stdout, /H29 has 3 rows of mailboxes still to hand over/, applied.stderr)
    const status = async (ids: readonly NodeId[]) =>
      JSON.parse((await reorg('status', 'across.yaml', ids, '-o', 'json')).stdout)
    const under = await status([at])
    assert.deepEqual(under.handovers, [{ node: at, rows: 3 }])
    const kinds = (left: readonly { kind: string }[]) => left.map(({ kind }) => kind)
    assert.deepEqual(kinds(under.left), ['handover'])
    assert.match((await reorg('status', 'across.yaml', [at])).stdout, /^ {2}H29: hands mailboxes/m)
    assert.match(await done(at, 'status'), /Handover: +3 rows of mailboxes still to go/)
    // Of a node that was not asked nobody knows.
    const unknown = await status([])
    assert.deepEqual([unknown.handovers, kinds(unknown.left)], [[{ node: at, rows: null }], ['handover']])

    await start(heir)
    await waitFor(async () => (await status([at])).left.length === 0, { what: 'the handover', deadlineMs })
    assert.deepEqual((await status([at])).handovers, [{ node: at, rows: 0 }])
    const there = await waiting(heir, heir)
    assert.ok(uids.every((uid) => there.includes(uid)))
  })

  it('lose a tier, by a run that is killed and goes on', async () => {
    for (const { id, parent } of district) {
      await start(id)
      await belong(id, parent)
    }
    const heard = () => federation.node('G22').table.listed('H29.05.02') !== null
    await waitFor(heard, { what: 'the district at the top', deadlineMs })
    writeFileSync(
      join(dir, 'reform.yaml'),
      'effective: 2025-07-01\nreason: NQ 76/2025\nchanges:\n  - { dropTier: huyện, into: H29 }\n',
    )
    const refused = await reorg('apply', 'reform.yaml', all)
    assert.match(refused.stderr, /--approve/)
    const cut = await startProcess({
      args: [
        program,
        'reorg',
        'apply',
        'reform.yaml',
        '--approve',
        ...all.flatMap((id) => ['--data', federation.dataDir(id)]),
      ],
      cwd: dir,
      env: { LANG: 'C.UTF-8' },
      teardown,
    })
    await waitFor(() => cut.stderr.includes('2 of ') || !cut.alive, { what: 'two steps', deadlineMs })
    cut.kill('SIGKILL')
    await cut.finished

    // Nobody who is not spoken to is passed over: what comes after waits for it.
    const without = all.filter((id) => id !== 'H29.05.02')
    const partly = await reorg('apply', 'reform.yaml', without, '--approve')
    assert.match(partly.stdout, /not reached: H29\.05\.02/, partly.stderr)
    assert.ok(federation.node('G22').directory.nodes.some(({ id }) => id === 'H29.05'))

    const rest = await reorg('apply', 'reform.yaml', all, '--approve')
    assert.match(rest.stdout, /Every step is done/, rest.stderr)
    const left = ['G22', 'H26', 'H29', 'H29.05.01', 'H29.05.02']
    const stands = (id: NodeId) => {
      const { directory, table } = federation.node(id)
      const parents = new Map(directory.nodes.map((node) => [node.id, node.parent]))
      const found = table.resolve('H29.05')
      return (
        !parents.has('H29.05') &&
        district.slice(1).every((commune) => parents.get(commune.id) === 'H29' && table.resolve(commune.id).found) &&
        found.found &&
        found.organ === 'H29'
      )
    }
    await waitFor(() => left.every(stands), { what: 'the same tree without districts everywhere', deadlineMs })
    assert.equal(federation.node('H29.05.01').table.listed('H29.05')?.node, 'H29')
    assert.deepEqual(JSON.parse((await reorg('status', 'reform.yaml', [], '-o', 'json')).stdout).left, [])
  })
})
