/** The nodes that take part in a re-organisation and can be spoken to from here. */
import { resolve } from 'node:path'
import { type Declared, type DeclaredVersion, type Directory, type NodeId, RelayError } from '@lienthong/core'
import type { CommandInput, Context, OptionSpec } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { type ControlClient, connectControl } from '../control/client.ts'
import { socketPathOf } from '../control/socket-path.ts'
import type { NodeAddress } from '../control/transport.ts'
import { addressOf, readContexts } from '../node-contexts.ts'

/** Of every command of a re-organisation; each may be given many times. */
export const partOptions = {
  context: { describe: 'option.reorg.context', type: 'list' },
  data: { describe: 'option.reorg.data', type: 'list' },
  config: { describe: 'option.reorg.config', type: 'list' },
} as const satisfies Record<string, OptionSpec>

export interface PartNode {
  readonly id: NodeId
  readonly client: ControlClient
  readonly current: DeclaredVersion
}

export interface PartNodes {
  readonly nodes: ReadonlyMap<NodeId, PartNode>
  /** Of the first one that answered. */
  readonly directory: Directory
  readonly declared: ReadonlyMap<NodeId, Declared>
  directoryNow(): Promise<Directory>
}

/** Nodes asked at the same time. */
const atOnce = 16

/**
 * Those the options name, else every context there is. One that does not answer is said and left out. Throws USAGE when
 * none is named, and what the last one threw when none answers.
 */
export async function partNodes(input: CommandInput, context: Context): Promise<PartNodes> {
  const named = await addressesIn(input, context)
  if (named.length === 0) throw new RelayError('USAGE', { detail: { reason: context.say('usage.whichNode') } })
  const { nodes, failure } = await reach(named, context)
  const [any] = nodes.values()
  if (any === undefined) throw failure
  const declared = new Map([...nodes].map(([id, { current }]) => [id, current.content]))
  const directoryNow = any.client.organisations.directory
  return { nodes, declared, directory: await directoryNow(), directoryNow }
}

/** The same, none of which need be there. */
export async function nodesReached(input: CommandInput, context: Context): Promise<PartNodes['nodes']> {
  return (await reach(await addressesIn(input, context), context)).nodes
}

async function reach(
  named: readonly Named[],
  context: Context,
): Promise<{ readonly nodes: PartNodes['nodes']; readonly failure: unknown }> {
  const nodes = new Map<NodeId, PartNode>()
  let failure: unknown = null
  await askEach(named, async ({ name, address }) => {
    try {
      const client = connectControl(await address())
      const { node: id, current } = await client.declared.view()
      nodes.set(id, { id, client, current })
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      failure = error
      await context.note(context.say('reorg.unreached', { node: name, code: error.code }))
    }
  })
  return { nodes, failure }
}

/** In the order of `asked`. */
export async function askEach<Asked, Answer>(
  asked: readonly Asked[],
  ask: (each: Asked) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let first = 0; first < asked.length; first += atOnce) {
    answers.push(...(await Promise.all(asked.slice(first, first + atOnce).map(ask))))
  }
  return answers
}

interface Named {
  readonly name: string
  readonly address: () => Promise<NodeAddress>
}

async function addressesIn(input: CommandInput, context: Context): Promise<readonly Named[]> {
  const { terminal } = context
  const { workingDir, env } = terminal
  const { readDataDir } = await import('../config/place-node-file.ts')
  const contexts = await readContexts(terminal)
  const socketIn = (dataDir: string): NodeAddress => ({ socketPath: socketPathOf(dataDir) })
  const inData = (name: string): Named => ({ name, address: async () => socketIn(resolve(workingDir, name)) })
  const inConfig = (name: string): Named => ({
    name,
    address: async () => socketIn(valueOrRefuse(await readDataDir({ file: name, workingDir }))),
  })
  const byContext = (name: string): Named => {
    const found = contexts.nodes.get(name)
    if (found === undefined) throw new RelayError('NOT_FOUND', { detail: { what: name } })
    return { name, address: () => addressOf(found) }
  }
  const given = [
    ...input.list('context').map(byContext),
    ...input.list('data').map(inData),
    ...input.list('config').map(inConfig),
  ]
  if (given.length > 0) return given
  const all = [...contexts.nodes.keys()].map(byContext)
  const here = env['LIENTHONG_NODE'] ?? ''
  return here === '' ? all : [...all, here.endsWith('.yaml') ? inConfig(here) : inData(here)]
}
