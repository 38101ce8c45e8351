/** Which node a command speaks to: `--data`, `--config`, `LIENTHONG_NODE`, or `node.yaml` where one stands. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { CommandInput, Context, OptionSpec } from './command.ts'
import { valueOrRefuse } from './config/problem.ts'
import { type ControlClient, connectControl } from './control/client.ts'
import { socketPathOf } from './control/socket-path.ts'

/** Options of every command that speaks to a running node. */
export const nodeOptions = {
  data: { describe: 'option.data', type: 'text' },
  config: { describe: 'option.config', type: 'text' },
} as const satisfies Record<string, OptionSpec>

/** Throws USAGE, CONFIG_INVALID, FILE_UNREADABLE, CONTROL_PATH_TOO_LONG. */
export async function chosenNode(input: CommandInput, context: Context): Promise<ControlClient> {
  return connectControl(socketPathOf(await chosenDataDir(input, context)))
}

async function chosenDataDir(input: CommandInput, context: Context): Promise<string> {
  const { workingDir, env } = context.terminal
  const [data, config, named] = [input.text('data'), input.text('config'), env['LIENTHONG_NODE']]
  if (data !== undefined && config !== undefined) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.dataOrConfig') } })
  }
  const dataDirOf = async (file: string) => {
    // Loaded when wanted: a YAML parser is half the time of a short command.
    const { readDataDir } = await import('./config/place-node-file.ts')
    return valueOrRefuse(await readDataDir({ file, workingDir }))
  }
  if (data !== undefined) return resolve(workingDir, data)
  if (config !== undefined) return dataDirOf(config)
  if (named !== undefined && named !== '') {
    const found = await stat(resolve(workingDir, named)).catch(() => null)
    return found?.isFile() ? dataDirOf(named) : resolve(workingDir, named)
  }
  const here = await stat(resolve(workingDir, 'node.yaml')).catch(() => null)
  if (here?.isFile()) return dataDirOf('node.yaml')
  throw new RelayError('USAGE', { detail: { reason: context.say('usage.whichNode') } })
}
