import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { directoryYaml, type TierNames, temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

interface Scene {
  readonly tiers?: TierNames
  /** Spoils the directory file. */
  readonly change?: (yaml: string) => string
}

async function explain(t: TestContext, words: readonly string[], { tiers, change = (yaml) => yaml }: Scene = {}) {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'directory.yaml'), change(directoryYaml('H29#1', 'A'.repeat(43), tiers)))
  return callProgram(['routes', 'explain', ...words, '--directory', 'directory.yaml'], { cwd })
}

interface Hop {
  readonly node: string
  readonly tier: string
  readonly hop: string
  readonly recipients: readonly string[]
  readonly reason: string
}

async function hopsOf(t: TestContext, words: readonly string[], tiers?: TierNames): Promise<readonly Hop[]> {
  const { exit, stdout, stderr } = await explain(t, [...words, '-o', 'json'], tiers === undefined ? {} : { tiers })
  assert.equal(exit, 0, stderr)
  return JSON.parse(stdout).hops
}

describe('routes explain on a directory file', () => {
  it('gives the reason of every hop, whatever the tiers are called', async (t) => {
    const way = [
      ['H29.18', 'up', 'not-below'],
      ['H29', 'up', 'not-below'],
      ['G22', 'down:H26', 'below-child'],
      ['H26', 'mailbox', 'served-here'],
    ]
    for (const tiers of [
      ['central', 'province', 'district'],
      ['alpha', 'alpha', 'alpha'],
      ['xã', 'trung ương', 'mailbox'],
    ] as const) {
      const hops = await hopsOf(t, ['H29.18', 'H26'], tiers)
      assert.deepEqual(
        hops.map(({ node, hop, reason }) => [node, hop, reason]),
        way,
      )
      assert.equal(hops[0]?.tier, tiers[2])
    }
  })

  it('says how a code was understood: any of its codes, successor, converted', async (t) => {
    const { stdout } = await explain(t, ['G22', 'H29.19'])
    assert.match(
      stdout,
      /H29\.18 Huyện, served by node H29\.18 \(successor of H29\.19, which closed after 2025-06-30\)/,
    )
    assert.match((await explain(t, ['G22', '000.00.00.H29'])).stdout, /H29 Tỉnh, served by node H29$/m)
    assert.match(
      (await explain(t, ['G22', '000.00.00.H26'])).stdout,
      /H26 Tỉnh khác, .* \(000\.00\.00\.H26 is not in the directory: converted to the other form\)/,
    )
  })

  it('answers as on another day', async (t) => {
    assert.match((await explain(t, ['G22', 'H29.19', '--on', '2025-06-30'])).stdout, /H29\.19 Huyện cũ, served by/)
    assert.match((await explain(t, ['G22', 'H29.19', '--on', '2025-07-01'])).stdout, /successor of H29\.19/)
    const { exit, stderr } = await explain(t, ['G22', 'H29.19', '--on', '2025-06-31'])
    assert.equal(exit, 2)
    assert.match(stderr, /--on must be a day that exists/)
  })

  it('names the successors of a split organisation and leaves the choice to the sender', async (t) => {
    const split = (yaml: string) => yaml.replace('successors: [H29.18]', 'successors: [H29.18, H26]')
    const { exit, stderr } = await explain(t, ['G22', 'H29.19'], { change: split })
    assert.equal(exit, 3)
    assert.match(stderr, /H29\.19 was split after 2025-06-30 into H29\.18, H26\..*\[RECEIVER_SPLIT\]/s)
    const json = await explain(t, ['G22', 'H29.19', '-o', 'json', '--lang', 'vi'], { change: split })
    const { error } = JSON.parse(json.stderr)
    assert.deepEqual(error.detail, { organ: 'H29.19', validTo: '2025-06-30', candidates: 'H29.18, H26' })
    assert.match(error.text, /chia tách/)
    const all = await explain(t, ['G22', 'all', '-o', 'json'], {
      change: (yaml) => split(yaml).replace('all: [G22, H29, H29.18, H26]', 'all: [H29.19]'),
    })
    assert.deepEqual(
      JSON.parse(all.stdout).to.map(({ organ, by }: { organ: string; by: string }) => [organ, by]),
      [
        ['H29.18', 'group'],
        ['H26', 'group'],
      ],
    )
  })

  it('says when a recipient has closed for good, or is not there yet', async (t) => {
    const closed = await explain(t, ['G22', 'H29.19'], { change: (yaml) => yaml.replace(', successors: [H29.18]', '') })
    assert.match(closed.stderr, /H29\.19 closed after 2025-06-30.*\[RECEIVER_CLOSED\]/s)
    const early = await explain(t, ['G22', 'H26', '--on', '2025-06-30'], {
      change: (yaml) => yaml.replace('name: Tỉnh khác,', 'name: Tỉnh khác, validFrom: 2025-07-01,'),
    })
    assert.match(early.stderr, /H26 does not exist yet; it opens on 2025-07-01.*\[RECEIVER_NOT_YET\]/s)
  })

  it('shows one copy on each link for a group', async (t) => {
    const hops = await hopsOf(t, ['H29', 'all'])
    assert.deepEqual(
      hops.map(({ node, hop, recipients }) => [node, hop, recipients.length]),
      [
        ['H29', 'up', 2],
        ['H29', 'mailbox', 1],
        ['H29', 'down:H29.18', 1],
        ['G22', 'mailbox', 1],
        ['G22', 'down:H26', 1],
        ['H29.18', 'mailbox', 1],
        ['H26', 'mailbox', 1],
      ],
    )
  })

  it('refuses an unknown sender and an unknown recipient by code', async (t) => {
    const recipient = await explain(t, ['H29', 'Z99'])
    assert.equal(recipient.exit, 3)
    assert.match(recipient.stderr, /\[RECEIVER_UNKNOWN\]/)
    const sender = await explain(t, ['Z99', 'H29'])
    assert.equal(sender.exit, 3)
    assert.match(sender.stderr, /\[SENDER_NOT_ALLOWED\]/)
  })
})
