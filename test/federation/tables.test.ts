/** Tables of joined nodes changed by the program, as a person would: what one declares all follow, and all is taken back. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openControlServer, socketPathOf } from '@lienthong/cli'
import type { NodeId } from '@lienthong/core'
import { type JoinedFederation, prepareFederation } from '../kit/federation-joined.ts'
import { canStartBroker, lastFirst, runProcess, temporaryFolder, waitFor } from '../kit/index.ts'

const program = fileURLToPath(new URL('../../bin/lienthong.mjs', import.meta.resolve('@lienthong/cli')))
const why = canStartBroker() ? false : 'rabbitmq-server is missing'
const deadlineMs = 60_000

const tree = [
  { id: 'G22', tier: 'trung ương', parent: null, name: 'Trung ương' },
  { id: 'H26', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ nhất' },
] as const
const sure = ['--approve', '--reason', 'QĐ 12/2026', '--by', 'truc-1'] as const

describe('tables of joined nodes', { skip: why, timeout: 600_000 }, () => {
  const teardown = lastFirst({ after })
  let federation: JoinedFederation
  let dir = ''

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
    federation = await prepareFederation(teardown, { tree })
    dir = temporaryFolder(teardown)
    for (const { id } of tree) {
      const node = await federation.start(id)
      const control = await openControlServer(node, socketPathOf(federation.dataDir(id)))
      teardown.after(() => control.close({ timeoutMs: 0 }))
    }
    await done('G22', 'org', 'add', 'G22', '--name', 'Văn phòng Chính phủ', ...sure)
    for (const id of ['H26', 'H29'] as const) {
      await federation.join(id)
      await waitFor(() => federation.node(id).table.listed('G22') !== null, { what: `G22 at ${id}`, deadlineMs })
      await done(id, 'org', 'add', id, '--name', `Tỉnh ${id}`, '--parent', 'G22', ...sure)
    }
  })

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
})
