import { resolve } from 'node:path'
import { isCode, RelayError } from '@lienthong/core'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { NodeToMake } from '../make-node.ts'
import { renderFacts } from '../output.ts'

const localBroker = 'amqp://127.0.0.1:5672'
const localManagement = 'http://127.0.0.1:15672'

export const nodeInitCommand: CommandSpec = {
  path: ['node', 'init'],
  positionals: '<id>',
  positionalHelp: { id: 'help.init.id' },
  describe: 'help.node.init',
  options: {
    folder: { describe: 'option.init.folder', type: 'text', required: true },
    data: { describe: 'option.init.data', type: 'text' },
    root: { describe: 'option.init.root', type: 'flag' },
    tier: { describe: 'option.init.tier', type: 'text' },
    name: { describe: 'option.init.name', type: 'text' },
    from: { describe: 'option.init.from', type: 'text' },
    broker: { describe: 'option.init.broker', type: 'text', default: localBroker },
    'broker-ca': { describe: 'option.init.brokerCa', type: 'text' },
    vhost: { describe: 'option.init.vhost', type: 'text' },
    user: { describe: 'option.init.user', type: 'text', default: 'lienthong' },
    'password-file': { describe: 'option.init.passwordFile', type: 'text' },
    management: { describe: 'option.init.management', type: 'text', default: localManagement },
    public: { describe: 'option.init.public', type: 'text' },
    'public-ca': { describe: 'option.init.publicCa', type: 'text' },
    listen: { describe: 'option.init.listen', type: 'text' },
  },
  examples: [
    {
      command: 'node init H29 --folder /etc/lienthong/H29 --data /var/lib/lienthong/H29 --root --tier tỉnh',
      describe: 'example.nodeInit',
    },
    {
      command: 'node init H29.18.05 --folder H29.18.05 --name "UBND xã" --from co-quan.csv',
      describe: 'example.nodeInitChild',
    },
  ],
  run: async (input, context) => {
    const id = input.required('id')
    if (!isCode(id)) throw new RelayError('USAGE', { detail: { reason: `"${id}"` } })
    const folder = input.required('folder')
    const { makeNode } = await import('../make-node.ts')
    const made = await makeNode(nodeToMake(id, input, context), context)
    const file = `${folder.replace(/\/$/, '')}/node.yaml`
    await context.print({
      json: { node: id, folder, config: file, outcome: made.outcome, kid: made.kid, publicKey: made.publicKey },
      table: () =>
        [
          context.say(made.outcome === 'made' ? 'init.made' : 'init.kept', { node: id, folder }),
          renderFacts([
            [context.say('heading.file'), file],
            ['kid', made.kid],
            ['publicKey', made.publicKey],
          ]),
        ].join('\n'),
    })
    if (made.outcome === 'made') await sayNext({ input, file, newPassword: made.newPassword }, context)
    return exitCodes.ok
  },
}

function nodeToMake(id: string, input: CommandInput, { terminal: { workingDir } }: Context): NodeToMake {
  const at = (name: string) => {
    const path = input.text(name)
    return path === undefined ? {} : { [camel(name)]: resolve(workingDir, path) }
  }
  const said = (name: string) => {
    const value = input.text(name)
    return value === undefined ? {} : { [camel(name)]: value }
  }
  return {
    id,
    folder: resolve(workingDir, input.required('folder')),
    root: input.flag('root'),
    ...said('tier'),
    ...said('name'),
    ...said('from'),
    ...said('public'),
    ...said('listen'),
    ...at('data'),
    ...at('broker-ca'),
    ...at('public-ca'),
    ...at('password-file'),
    broker: input.text('broker') ?? localBroker,
    vhost: input.text('vhost') ?? id,
    user: input.text('user') ?? 'lienthong',
    management: input.text('management') ?? localManagement,
  }
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

async function sayNext(
  made: { readonly input: CommandInput; readonly file: string; readonly newPassword: string | null },
  { note, say }: Context,
): Promise<void> {
  const { input, file, newPassword } = made
  const user = input.text('user') ?? 'lienthong'
  if (newPassword !== null) {
    await note(say('init.account', { user, file: newPassword }))
  }
  await note(say('init.nextRun', { file }))
  await note(say(input.flag('root') ? 'init.nextInvite' : 'init.nextJoin', { file }))
}
