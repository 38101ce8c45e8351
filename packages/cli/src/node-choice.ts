/**
 * Which node a command speaks to: `--context`, `--data` or `--config`, else `LIENTHONG_NODE`, else the context that was
 * selected, else `node.yaml` where one stands.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandInput, Context, OptionSpec } from './command.ts'
import { valueOrRefuse } from './config/problem.ts'
import { type ControlClient, connectControl } from './control/client.ts'
import { socketPathOf } from './control/socket-path.ts'
import type { NodeAddress } from './control/transport.ts'
import { addressOf, type NodeContexts, readContexts } from './node-contexts.ts'

/** Options of every command that speaks to a running node. */
export const nodeOptions = {
  context: { describe: 'option.context', type: 'text' },
  data: { describe: 'option.data', type: 'text' },
  config: { describe: 'option.config', type: 'text' },
} as const satisfies Record<string, OptionSpec>

/** Throws USAGE, NOT_FOUND for a context, CONFIG_INVALID, FILE_UNREADABLE, CONTROL_PATH_TOO_LONG. */
export async function chosenNode(input: CommandInput, context: Context): Promise<ControlClient> {
  return connectControl(await chosenAddress(input, context))
}

/** The same, before anything is asked of it. */
export async function chosenAddress(input: CommandInput, context: Context): Promise<NodeAddress> {
  const { workingDir, env } = context.terminal
  const [name, data, config] = ['context', 'data', 'config'].map((option) => input.text(option))
  if ([name, data, config].filter((given) => given !== undefined).length > 1) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.dataOrConfig') } })
  }
  const socketIn = (dataDir: string): NodeAddress => ({ socketPath: socketPathOf(dataDir) })
  const socketOf = async (file: string) => {
    // Loaded when wanted: a YAML parser is half the time of a short command.
    const { readDataDir } = await import('./config/place-node-file.ts')
    return socketIn(valueOrRefuse(await readDataDir({ file, workingDir })))
  }
  if (name !== undefined) return namedAddress(await readContexts(context.terminal), name)
  if (data !== undefined) return socketIn(resolve(workingDir, data))
  if (config !== undefined) return socketOf(config)
  const named = env['LIENTHONG_NODE']
  if (named !== undefined && named !== '') {
    const found = await stat(resolve(workingDir, named)).catch(() => null)
    return found?.isFile() ? socketOf(named) : socketIn(resolve(workingDir, named))
  }
  const contexts = await readContexts(context.terminal)
  if (contexts.selected !== null) return namedAddress(contexts, contexts.selected)
  const here = await stat(resolve(workingDir, 'node.yaml')).catch(() => null)
  if (here?.isFile()) return socketOf('node.yaml')
  throw new RelayError('USAGE', { detail: { reason: context.say('usage.whichNode') } })
}

/** The node.yaml that a command without `--context` and `--data` would go by; null when none is meant. */
export async function chosenFile(input: CommandInput, { terminal }: Context): Promise<string | null> {
  const { workingDir, env } = terminal
  const [context, data, config] = ['context', 'data', 'config'].map((option) => input.text(option))
  if (config !== undefined) return config
  if (context !== undefined || data !== undefined) return null
  const named = env['LIENTHONG_NODE'] ?? ''
  const file = named === '' ? 'node.yaml' : named
  if (named === '' && (await readContexts(terminal)).selected !== null) return null
  const found = await stat(resolve(workingDir, file)).catch(() => null)
  return found?.isFile() === true ? file : null
}

function namedAddress({ nodes }: NodeContexts, name: string): Promise<NodeAddress> {
  const found = nodes.get(name)
  if (found === undefined) throw new RelayError('NOT_FOUND', { detail: { what: name } })
  return addressOf(found)
}
