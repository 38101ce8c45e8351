/** Organisations for people: found, shown, and changed one at a time. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type LivingNode, livingNode } from './support/living-node.ts'

const sure = ['--approve', '--reason', 'QĐ 12/2026'] as const

function declared({ versions }: LivingNode, id: string) {
  return versions.at(-1)?.content.organisations.find((organisation) => organisation.id === id)
}

describe('organisations', () => {
  it('are listed by code, page by page, and those of one node', async (t) => {
    const { run } = await livingNode(t)
    const all = await run(['org', 'list', '--limit', '3'])
    assert.match(all.stdout, /^Code +Name .*\nG22 .*\nH29 .*\nH29\.02 .*\n$/)
    assert.match(all.stderr, /--after H29\.02/)
    const rest = JSON.parse((await run(['org', 'list', '--after', 'H29.02', '-o', 'json'])).stdout)
    assert.deepEqual(
      rest.organisations.map(({ id }: { id: string }) => id),
      ['H29.03', 'H29.18'],
    )
    assert.equal(rest.next, null)
    const served = JSON.parse((await run(['org', 'list', '--node', 'H29.18', '-o', 'json'])).stdout)
    assert.deepEqual(
      served.organisations.map(({ id }: { id: string }) => id),
      ['H29.18'],
    )
  })

  it('are found by words without marks', async (t) => {
    const { run } = await livingNode(t)
    assert.match((await run(['org', 'search', 'noi', 'SO'])).stdout, /H29\.02 +Sở Nội vụ/)
    assert.match((await run(['org', 'search', 'nobody'])).stdout, /There is none/)
  })

  it('are shown by any of their codes', async (t) => {
    const { run } = await livingNode(t)
    const { stdout } = await run(['org', 'show', '000.00.00.H29'])
    assert.match(
      stdout,
      /Code: +H29\n.*Node: +H29, declared here\n.*State: +open\nDirectly below: +H29\.18, H29\.02, H29\.03/s,
    )
    assert.equal((await run(['org', 'show', 'H77'])).exit, 4)
  })

  it('are added below the unit of the node, once', async (t) => {
    const node = await livingNode(t)
    const added = await node.run([
      'org',
      'add',
      'H29.04',
      '--name',
      'Sở Tài chính',
      '--mail',
      'tc@h29.example',
      ...sure,
    ])
    assert.equal(added.exit, 0, added.stderr)
    assert.deepEqual(declared(node, 'H29.04'), {
      id: 'H29.04',
      name: 'Sở Tài chính',
      parent: 'H29',
      mail: 'tc@h29.example',
    })
    const again = await node.run(['org', 'add', 'h29.04', '--name', 'X', ...sure])
    assert.equal(again.exit, 2)
    assert.match(again.stderr, /declared already/)
    const outside = await node.run(['org', 'add', 'H30.1', '--name', 'X', ...sure])
    assert.equal(outside.exit, 3)
    assert.match(outside.stderr, /H30\.1 lies outside .*\[DECLARED_INVALID\]/)
  })

  it('are taken over from the node that serves them, which may speak for them a while longer', async (t) => {
    const node = await livingNode(t)
    const facts = { name: 'Sở Y tế', parent: 'H29', mail: 'yte@h29.example' }
    node.announce({
      organisations: [
        { id: 'G22', name: 'G22', parent: null, node: 'G22' },
        { id: 'H29.05', ...facts, node: 'G22' },
      ],
    })
    const taken = ['org', 'add', 'H29.05', '--name', 'Sở Y tế', ...sure]
    assert.equal((await node.run([...taken, '--former-until', '2026-02-30'])).exit, 2)
    const added = await node.run([...taken, '--former-until', '2026-12-31'])
    assert.equal(added.exit, 0, added.stderr)
    assert.match(added.stderr, /is served by node G22; it is taken over here/)
    const formerNodes = [{ node: 'G22', until: '2026-12-31' }]
    assert.deepEqual(declared(node, 'H29.05'), { id: 'H29.05', ...facts, formerNodes })
    assert.match((await node.run(['org', 'show', 'H29.05'])).stdout, /G22 … 2026-12-31/)
    assert.match((await node.run(['routes', 'export'])).stdout, /formerNodes:\n +- node: G22\n +until: '?2026-12-31/)
  })

  it('are changed field by field, by any code, where they are declared only', async (t) => {
    const node = await livingNode(t)
    assert.equal((await node.run(['org', 'set', '000.00.00.H29', '--name', 'Tỉnh', ...sure])).exit, 0)
    assert.equal(declared(node, 'H29')?.name, 'Tỉnh')
    assert.equal((await node.run(['org', 'set', 'H29.03', '--old-code', 'H29.9', '--clear', 'mail', ...sure])).exit, 0)
    assert.deepEqual(declared(node, 'H29.03'), { id: 'H29.03', name: 'Sở Y tế', parent: 'H29', oldCode: 'H29.9' })
    const elsewhere = await node.run(['org', 'set', 'H29.18', '--name', 'X', ...sure])
    assert.equal(elsewhere.exit, 2)
    assert.match(elsewhere.stderr, /served by node H29\.18; change it there/)
  })

  it('are closed after a day, with successors', async (t) => {
    const node = await livingNode(t)
    const closed = await node.run(['org', 'close', 'H29.03', '--on', '2026-12-31', '--successor', 'H29.02', ...sure])
    assert.equal(closed.exit, 0, closed.stderr)
    const { validTo, successors } = declared(node, 'H29.03') ?? assert.fail()
    assert.deepEqual([validTo, successors], ['2026-12-31', ['H29.02']])
    assert.equal((await node.run(['org', 'close', 'H29.02', '--on', '2026-02-30', ...sure])).exit, 2)
    assert.equal(
      (await node.run(['org', 'close', 'H29.02', '--on', '2026-12-31', '--successor', 'H88', ...sure])).exit,
      3,
    )
  })

  it('are moved below another one', async (t) => {
    const node = await livingNode(t)
    assert.equal((await node.run(['org', 'move', 'H29.03', '--parent', 'H29.02', ...sure])).exit, 0)
    assert.equal(declared(node, 'H29.03')?.parent, 'H29.02')
    assert.equal((await node.run(['org', 'move', 'H29.03', ...sure])).exit, 2)
  })

  it('are handed to a child in two steps, and served all the while', async (t) => {
    const node = await livingNode(t)
    const move = ['org', 'move', 'H29.03', '--child', 'H29.18', ...sure]
    const given = await node.run(move)
    assert.equal(given.exit, 0, given.stderr)
    assert.match(given.stdout, /delegates: \+H29\.03/)
    assert.match(given.stderr, /at node H29\.18: lienthong org add H29\.03 --name "Sở Y tế"/)
    assert.ok(declared(node, 'H29.03') !== undefined)

    const early = await node.run(move)
    assert.match(early.stdout, /Nothing changes/)
    assert.match(early.stderr, /org add H29\.03/)

    node.announce({
      organisations: [
        { id: 'G22', name: 'G22', parent: null, node: 'G22' },
        { id: 'H29.03', name: 'Sở Y tế', parent: 'H29', node: 'H29.18' },
      ],
    })
    const done = await node.run(move)
    assert.equal(done.exit, 0, done.stderr)
    assert.match(done.stdout, /- organisation H29\.03/)
    assert.equal(declared(node, 'H29.03'), undefined)
    assert.equal((await node.run(['org', 'move', 'H29.02', '--child', 'H77', ...sure])).exit, 2)
  })
})
