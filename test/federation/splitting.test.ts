/**
 * An organisation is split into two, at two nodes, with documents in its mailbox: each goes to whom a rule or a person
 * names, once, while the node that hands over is killed; what nobody has decided waits, is counted, and can be recalled.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type Directory, type NodeId, type OrganId, type SplitRule } from '@lienthong/core'
import { recallPacket, writeDocument, writeStatus } from '@lienthong/edxml'
import { doorOf, openLedger } from '../kit/federation-ledger.ts'
import { startFederation } from '../kit/federation-nodes.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const deadlineMs = 120_000
const [split, here, far] = ['H29.1', 'H29.2', 'H26.2'] as const
const [first, second, third] = ['G22', 'G22.1', 'G22.2'] as const
const each = 25

const tree = [
  {
    id: 'G22',
    tier: 'central',
    parent: null,
    name: 'Văn phòng trung ương',
    organisations: [second, third].map((id) => ({ id, name: `Vụ ${id}` })),
  },
  {
    id: 'H29',
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ nhất',
    organisations: [split, here].map((id) => ({ id, name: `Sở ${id}` })),
  },
  {
    id: 'H26',
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ hai',
    organisations: [{ id: far, name: 'Sở thứ ba' }],
  },
]

describe('an organisation that is split', { skip, timeout: 600_000 }, () => {
  const teardown = lastFirst({ after })

  const waiting = async ({ client }: NodeProcess, organ: OrganId) =>
    (await client.list(organ, { limit: 500 })).items.map(({ uid }) => uid).toSorted()

  it('leaves each document to one of those that took over, whoever dies, and recalls reach whoever has it', async () => {
    const options = { tree, absent: ['H29', 'H26'], queryTiming: { firstMs: 2_000, maxMs: 8_000 } }
    const fed = await startFederation(teardown, { ...options, logLevel: 'info' })
    fed.plan.writeFiles()
    const old = await startNodeProcess(fed.plan.node('H29'), teardown)
    const next = await startNodeProcess(fed.plan.node('H26'), teardown)
    const origin = fed.node('G22')
    const ledger = openLedger(() => doorOf(origin))
    const sentBy: Record<OrganId, string[]> = { [first]: [], [second]: [], [third]: [] }
    for (let number = 0; number < each; number += 1) {
      for (const from of [first, second, third]) {
        const attachmentBytes = number === 0 ? 600_000 : 100
        sentBy[from]?.push((await ledger.send({ from, to: [split], attachmentBytes })).uid)
      }
    }
    const of = (from: OrganId) => (sentBy[from] ?? []).toSorted()
    await waitFor(async () => (await waiting(old, split).catch(() => [])).length === 3 * each, {
      what: 'all documents in one mailbox',
      deadlineMs,
    })

    let { directory } = fed.plan
    async function declare(splitRules: readonly SplitRule[], between: () => Promise<void>): Promise<void> {
      await Promise.all([old.kill(), next.kill()])
      const closed = {
        validTo: '2025-06-30',
        successors: [here, far],
        newDocuments: 'hold' as const,
        ...(splitRules.length > 0 && { splitRules }),
      }
      const organisations = fed.plan.directory.organisations.map((organ) =>
        organ.id === split ? { ...organ, ...closed } : organ,
      )
      directory = { ...directory, version: directory.version + 1, organisations } satisfies Directory
      writeFileSync(join(fed.plan.node('H29').configFile, '..', '..', 'directory.json'), JSON.stringify(directory))
      await origin.living.changeDirectory({ directory, exceptions: [] })
      await Promise.all([old.start(), next.start()])
      await between()
    }
    const undecided = async () =>
      (await old.client.splits.waiting(split)).flatMap((view) => view.waiting.map(({ from, count }) => [from, count]))

    // No rule yet: all of it stays, sender by sender.
    await declare([], async () => {
      assert.deepEqual(await undecided(), [
        [first, each],
        [second, each],
        [third, each],
      ])
    })
    const rules = [
      { from: second, to: far },
      { from: third, to: here },
    ]
    await declare(rules, async () => {
      await waitFor(async () => (await waiting(next, far).catch(() => [])).length > each / 8, {
        what: 'the first rows at the other node',
        deadlineMs,
      })
      await old.kill()
      await next.kill()
      await Promise.all([old.start(), next.start()])
    })
    await waitFor(async () => (await waiting(next, far)).length === each, { what: 'what one rule names', deadlineMs })
    await waitFor(async () => (await waiting(old, here)).length === each, { what: 'what the other names', deadlineMs })
    assert.deepEqual(await undecided(), [[first, each]])
    assert.deepEqual(await waiting(old, split), of(first))

    // By hand, one by one; once it has gone it is too late for another.
    const [byHand = '', otherHand = ''] = of(first)
    const decide = (uid: string, to: OrganId) =>
      old.client.splits.decide(split, { key: { uid }, to, reason: 'NQ 60' }, 'test')
    assert.equal((await decide(byHand, far)).fresh, true)
    assert.equal((await decide(otherHand, here)).fresh, true)
    await waitFor(async () => (await waiting(next, far)).includes(byHand), { what: 'what a person named', deadlineMs })
    await waitFor(async () => (await waiting(old, here)).includes(otherHand), { what: 'the other one', deadlineMs })
    assert.equal((await decide(byHand, far)).fresh, false)
    await assert.rejects(decide(byHand, here), { code: 'DECISION_LATE' })
    await assert.rejects(decide(of(first)[2] ?? '', third), { code: 'RECEIVER_SPLIT' })

    // Nothing is lost or twice.
    assert.deepEqual(await waiting(next, far), [...of(second), byHand].toSorted())
    assert.deepEqual(await waiting(old, here), [...of(third), otherHand].toSorted())
    assert.deepEqual(
      await waiting(old, split),
      of(first).filter((uid) => uid !== byHand && uid !== otherHand),
    )
    assert.deepEqual(await undecided(), [[first, each - 2]])
    assert.deepEqual(await ledger.notYet(['delivered', 'collected']), [])

    await whereIs(of(first)[2] ?? '', { place: 'delivered', holder: 'H29', code: 'RECEIVER_SPLIT' })
    await whereIs(byHand, { place: 'delivered', holder: 'H26', code: null })

    // A recall and a take-back, each to the closed code: from who has it, from who was given it by hand, and from where it waits.
    const [kept = '', read = ''] = of(second)
    const item = (await next.client.list(far, { limit: 500 })).items.find(({ uid }) => uid === read)
    await next.client.acknowledge(far, item?.id ?? 0)
    await outcome(read, null, 'collected')
    for (const [uid, act] of [
      [kept, 'recall'],
      [byHand, 'take-back'],
      [of(first)[3] ?? '', 'recall'],
      [of(third)[0] ?? '', 'take-back'],
    ] as const) {
      await takeBack(uid, act)
      await outcome(uid, 'withdrawn', 'delivered')
    }
    await takeBack(read, 'recall')
    await waitFor(async () => (await waiting(next, far)).length === each - 1, {
      what: 'the recall to be read',
      deadlineMs,
    })
    await outcome(read, 'asked', 'collected')
    for (const uid of [kept, byHand]) assert.ok(!(await waiting(next, far)).includes(uid))

    async function whereIs(
      uid: string,
      wanted: { readonly place: string; readonly holder: NodeId; readonly code: string | null },
    ): Promise<void> {
      const [document] = await origin.diagnosis.where({ key: { uid } })
      const { place, holder, code } = document?.recipients[0]?.whereabouts ?? assert.fail(uid)
      assert.deepEqual({ place, holder, code }, wanted)
    }

    async function takeBack(uid: string, act: 'recall' | 'take-back'): Promise<void> {
      const [document] = await origin.track({ uid })
      const { documentId, headline, from } = document ?? assert.fail(uid)
      const [sender, sentAt] = [{ organId: from, organName: from }, Date.now()]
      const to = { organId: split, organName: split }
      const [code, promulgationDate] = [headline.number ?? '', headline.date ?? '']
      const body =
        act === 'recall'
          ? writeDocument(
              recallPacket({
                document: { documentId, ...headline },
                from: sender,
                to: [to],
                reason: 'Gửi nhầm',
                sentAt,
              }),
            )
          : writeStatus({
              from: sender,
              responseFor: [{ organId: split, code, documentId, promulgationDate }],
              statusCode: 13,
              description: 'Gửi nhầm',
              sentAt,
            })
      const reply = await origin.submit({ as: from, body })
      assert.deepEqual(
        reply.recipients.map(({ organ }) => organ),
        [split],
      )
    }

    async function outcome(uid: string, wanted: string | null, state: string): Promise<void> {
      let seen: unknown = null
      await waitFor(
        async () => {
          const recipient = (await origin.track({ uid }))[0]?.recipients[0]
          seen = [recipient?.organ, recipient?.state, recipient?.recall?.outcome ?? null]
          return recipient?.state === state && (recipient.recall?.outcome ?? null) === wanted
        },
        { what: `${wanted} of ${uid}`, deadlineMs },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; seen ${JSON.stringify(seen)}`, { cause: error })
      })
    }
  })
})
