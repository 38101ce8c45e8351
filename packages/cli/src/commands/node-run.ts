import { RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { parseDuration } from '../config/units.ts'

const defaultStopTimeout = '10s'

export const nodeRunCommand: CommandSpec = {
  path: ['node', 'run'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.node.run',
  options: {
    config: { describe: 'option.configs', type: 'list', default: 'node.yaml' },
    'stop-timeout': { describe: 'option.stopTimeout', type: 'text', default: defaultStopTimeout },
  },
  examples: [
    { command: 'node run --config /etc/lienthong/node.yaml', describe: 'example.nodeRun' },
    { command: 'node run --config H29.yaml --config H29.18.yaml', describe: 'example.nodeRunMany' },
  ],
  run: async (input, context) => {
    const written = input.text('stop-timeout') ?? defaultStopTimeout
    const stopTimeoutMs = parseDuration(written)
    if (stopTimeoutMs === null) throw new RelayError('USAGE', { detail: { reason: `--stop-timeout "${written}"` } })
    const files = input.list('config')
    // Broker, store and log are loaded by this command only.
    const { runNodes } = await import('../run-nodes.ts')
    return runNodes({ files: files.length === 0 ? ['node.yaml'] : files, stopTimeoutMs }, context)
  },
}
