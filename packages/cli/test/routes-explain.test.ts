import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { directoryYaml, type TierNames, temporaryFolder } from './support/node-folder.ts'
import { callProgram } from './support/run-program.ts'

async function explain(t: TestContext, words: readonly string[], tiers?: TierNames) {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'directory.yaml'), directoryYaml('H29#1', 'A'.repeat(43), tiers))
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
  const { exit, stdout, stderr } = await explain(t, [...words, '-o', 'json'], tiers)
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

  it('says how a code was understood: alias, successor', async (t) => {
    const { stdout } = await explain(t, ['G22', 'H29.19'])
    assert.match(stdout, /H29\.18 Huyện, served by node H29\.18 \(successor of H29\.19, which has closed\)/)
    assert.match((await explain(t, ['G22', '000.00.00.H29'])).stdout, /H29 Tỉnh, served by node H29/)
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
