/** Where documents are, and whether ways carry: asks the nodes on the way, and concludes from who says what. */
import {
  brokenHop,
  chainOf,
  maxAskedOrgans,
  type NodeId,
  type OrganId,
  receiverRefusal,
  type Standing,
  whereIs,
} from '@lienthong/core'
import type { NodeContext } from './context.ts'
import type { DiagnosisDoor, Patience, WhereDocument, WhereQuestion, WhereRecipient } from './diagnosis-door.ts'
import type { Answered, Enquiries } from './enquiries.ts'
import { lookedFor, notSentHere, type Sought, settledAt } from './sought.ts'
import type { WayFinder } from './tree-ways.ts'

const patienceMs = { usual: 5_000, least: 100, most: 25_000 } as const
/** Nodes may send elsewhere than the directory says; so often the way is followed further. */
const maxRounds = 4

type Answers = Map<NodeId, Answered | null>

export function createDiagnosis(
  context: NodeContext,
  parts: { readonly enquiries: Enquiries; readonly ways: WayFinder },
): DiagnosisDoor {
  const { enquiries, ways } = parts
  const self = context.config.id

  function receiver(written: string) {
    const found = context.table.resolve(written)
    if (!found.found) throw receiverRefusal(written, found)
    return found
  }

  /** Asks all nodes on these ways, and those they name instead, each once about all that should pass it. */
  async function askAll(
    questions: readonly { readonly organ: OrganId; readonly way: readonly NodeId[] }[],
    about: { readonly uid: string | null; readonly generation: number },
    timeoutMs: number,
  ): Promise<Answers> {
    const answers: Answers = new Map()
    const deadline = performance.now() + 2 * timeoutMs
    for (let round = 0; round < maxRounds; round += 1) {
      const heard = standingsIn(answers)
      const asked = new Map<NodeId, OrganId[]>()
      for (const { organ, way } of questions) {
        // Also what lies behind a silent node: it may answer by another way.
        for (const node of new Set([...way, ...chainOf(organ, way, heard)])) {
          if (!answers.has(node)) asked.set(node, [...(asked.get(node) ?? []), organ])
        }
      }
      const patience = Math.min(timeoutMs, deadline - performance.now())
      if (asked.size === 0 || patience <= 0) break
      const replies = await Promise.all(
        [...asked].map(async ([node, organs]) => {
          return [node, await enquiries.ask(node, { ...about, organs }, patience)] as const
        }),
      )
      for (const [node, reply] of replies) answers.set(node, reply)
    }
    return answers
  }

  async function locate(
    { uid, origin, recipients, left, ...facts }: Sought,
    timeoutMs: number,
  ): Promise<WhereDocument> {
    const found: WhereRecipient[] = []
    const open = recipients.filter((recipient) => settledAt(recipient) === null)
    const generations = [...new Set(open.map(({ generation }) => generation))]
    const answers = new Map(
      await Promise.all(
        generations.map(async (generation) => {
          const questions = open
            .filter((each) => each.generation === generation)
            .map(({ organ, node }) => ({ organ, way: ways(origin, node) }))
          return [generation, standingsIn(await askAll(questions, { uid, generation }, timeoutMs))] as const
        }),
      ),
    )
    for (const recipient of recipients) {
      const { organ, generation, node } = recipient
      const heard = answers.get(generation) ?? new Map<NodeId, Standing | null>()
      const whereabouts = settledAt(recipient) ?? whereIs(organ, ways(origin, node), heard)
      found.push({ organ, generation, node, whereabouts })
    }
    return { uid, origin, ...facts, recipients: found, left }
  }

  return {
    async ping(written, options) {
      const { organ, node } = receiver(written)
      const answer = await enquiries.ask(node, { uid: null, generation: 1, organs: [] }, msOf(options))
      if (answer === null) return { organ, node, ms: null, clockOffsetMs: null }
      const { ms, standing } = answer
      return { organ, node, ms, clockOffsetMs: Math.round(standing.at - (context.now() - ms / 2)) }
    },
    async trace(written, options) {
      const { organ, node } = receiver(written)
      const way = ways(self, node)
      const answers = await askAll([{ organ, way }], { uid: null, generation: 1 }, msOf(options))
      const heard = standingsIn(answers)
      const chain = chainOf(organ, way, heard)
      const tiers = new Map(context.directory.nodes.map(({ id, tier }) => [id, tier]))
      return {
        organ,
        name: context.table.listed(organ)?.name ?? '',
        broken: brokenHop(chain, heard),
        hops: chain.map((id) => {
          const { standing = null, ms = null } = answers.get(id) ?? {}
          const { next = null, link = null } = standing?.ways[0] ?? {}
          const { tableVersion = null, directoryVersion = null } = standing ?? {}
          return { node: id, tier: tiers.get(id) ?? '', ms, tableVersion, directoryVersion, next, link }
        }),
      }
    },
    async where(question: WhereQuestion, options) {
      const sought = await lookedFor(context, question, maxAskedOrgans)
      if (sought.length === 0) {
        throw notSentHere(context, Object.values(question.key).join(' '))
      }
      return Promise.all(sought.map((each) => locate(each, msOf(options))))
    },
  }
}

function standingsIn(answers: ReadonlyMap<NodeId, Answered | null>): ReadonlyMap<NodeId, Standing | null> {
  return new Map([...answers].map(([node, answer]) => [node, answer?.standing ?? null]))
}

function msOf({ timeoutMs = patienceMs.usual }: Patience = {}): number {
  return Math.min(Math.max(timeoutMs, patienceMs.least), patienceMs.most)
}
