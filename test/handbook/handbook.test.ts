/**
 * What a person with three empty machines types, page by page: a province and a commune, joined, a table changed and taken
 * back, the province bridged to a centre, a document sent across, and one that is stuck found. Then what no page needs.
 */
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { canStartBroker, lastFirst } from '../kit/index.ts'
import type { Answer } from './machine.ts'
import { openWalk } from './walk.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

describe('the handbook', { skip, timeout: 400_000 }, () => {
  const walk = openWalk('vi', lastFirst({ after }))

  async function typed(id: string, commands: string): Promise<Answer> {
    const machine = walk.machines.get(id) ?? assert.fail(id)
    return machine.shell(commands, false)
  }

  async function done(id: string, commands: string): Promise<string> {
    const { exitCode, output } = await typed(id, commands)
    assert.equal(exitCode, 0, output)
    return output
  }

  it('a province and a centre are installed', async () => {
    await Promise.all([walk.page('install.md'), walk.page('install.md', 'G22')])
  })

  it('a commune joins', () => walk.page('join.md'))

  it('a table is changed, and taken back', () => walk.page('tables.md'))

  it('the province is bridged to the centre', () => walk.page('bridge.md'))

  it('a document goes across, and one that is stuck is found', () => walk.page('documents.md'))

  it('init and join typed again change nothing, and what does not fit is refused', async () => {
    const place = walk.machines.get('H29')?.place('etc/lienthong/H29') ?? ''
    for (const secret of ['node.key', 'node.yaml', 'broker.password', 'moi/H29.18.token'])
      assert.equal(statSync(`${place}/${secret}`).mode & 0o777, 0o600, secret)
    const before = readFileSync(`${place}/node.yaml`, 'utf8')
    await done('H29', 'lienthong node init H29 --folder . --root && lienthong node check-config node.yaml')
    assert.equal(readFileSync(`${place}/node.yaml`, 'utf8'), before)
    assert.match((await typed('H29', 'lienthong node init H30 --folder .')).output, /CONFIG_INVALID/)
    assert.match(await done('H29.18', 'lienthong node join /media/usb/H29.18.token -o json'), /"outcome":"already"/)
    assert.match((await typed('H29', 'lienthong node join moi/H29.18.token')).output, /TOKEN_OTHER_NODE/)
  })

  it('200 children are invited in one run, which goes on where it was cut off', async () => {
    const place = walk.machines.get('H29')?.place('etc/lienthong/H29') ?? ''
    const rows = Array.from({ length: 200 }, (_, index) => `H29.${index + 100};Xã`)
    writeFileSync(`${place}/xa.csv`, `code;name\r\n${rows.join('\r\n')}\r\n`)
    await done(
      'H29',
      `lienthong node invite --from xa.csv --out xa 2> tien-do &
until grep -q '^40/200' tien-do || ! kill -0 $!; do sleep 0.02; done
kill -9 $! || true
grep '^40/200' tien-do`,
    )
    const first = readFileSync(`${place}/xa/H29.100.token`, 'utf8')
    const { items } = JSON.parse(
      await done('H29', 'lienthong node invite --from xa.csv --out xa -o json 2> tien-do'),
    ) as {
      readonly items: readonly { readonly state: string }[]
    }
    assert.equal(items.length, 200)
    assert.equal(items[0]?.state, 'kept')
    // On a busy machine the first run may have come further than was seen of it.
    assert.ok(items.every(({ state }) => state === 'kept' || state === 'invited'))
    assert.equal(readFileSync(`${place}/xa/H29.100.token`, 'utf8'), first)
  })

  it('the child leaves and the parent hears of it, and both go on', async () => {
    await done('H29.18', 'lienthong node leave --reason thử')
    await done('H29', 'lienthong node dismiss H29.18 --reason thử')
    assert.match(await done('H29', 'lienthong node revoke H29.18 --reason thử'), /H29\.18 .* từ 20\d\d-\d\d-\d\d /)
    assert.match((await typed('H29', 'lienthong node revoke H30 --reason thử')).output, /NOT_FOUND/)
    assert.match(await done('H29.18', 'lienthong status -o json'), /"link":null/)
  })
})
