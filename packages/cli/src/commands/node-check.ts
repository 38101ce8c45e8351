import type { CommandSpec } from '../command.ts'
import type { AlertSettings } from '../config/alert-settings.ts'
import type { NodeSettings } from '../config/node-file.ts'
import { configRefusal, problemLine } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'

export const nodeCheckCommand: CommandSpec = {
  path: ['node', 'check-config'],
  positionals: '<file>',
  positionalHelp: { file: 'help.node.file' },
  describe: 'help.node.check',
  options: {},
  examples: [{ command: 'node check-config node.yaml', describe: 'example.nodeCheck' }],
  run: async (input, context) => {
    const { workingDir, env } = context.terminal
    const file = input.required('file')
    const { readNodeFile } = await import('../config/node-file.ts')
    const checked = await readNodeFile({ file, workingDir, env })
    if (context.format === 'table') {
      for (const warning of checked.warnings) {
        await context.note(context.say('config.warning', { text: problemLine(warning, context.language) }))
      }
    }
    if (!checked.ok) throw configRefusal(checked.problems)
    const warnings = checked.warnings.map(({ text, ...place }) => ({ ...place, text: text(context.language) }))
    await context.print({
      json: { ok: true, file, warnings, settings: withoutSecrets(checked.value) },
      table: () => context.say('config.ok', { file, node: checked.value.config.id }),
    })
    return exitCodes.ok
  },
}

/** The settings a node would run with, without passwords, secrets, private key or the directory's content. */
function withoutSecrets({ config, http, alerts, log }: NodeSettings): unknown {
  const { broker, parent, children, systems, directory, key, earlierKeys, ...rest } = config
  const address = ({ url, vhost, user }: typeof broker.address) => ({ url, vhost, user })
  return {
    ...rest,
    key: { kid: key.kid, publicKey: key.publicKey },
    earlierKeys: (earlierKeys ?? []).map(({ kid }) => kid),
    http:
      http === null
        ? null
        : {
            ...http,
            tls: (http.tls ?? null) !== null,
            webhooks: { ...http.webhooks, ca: (http.webhooks?.ca ?? null) !== null },
          },
    alerts: alerts === null ? null : { ...alerts, ways: shownWays(alerts.ways) },
    directory:
      'living' in directory
        ? { living: true, roots: directory.roots.map(({ kid }) => kid) }
        : {
            version: directory.version,
            nodes: directory.nodes.length,
            organisations: directory.organisations.length,
          },
    broker: { ...address(broker.address), managementUrl: broker.managementUrl },
    parent: parent === null ? null : { id: parent.id, ...address(parent.address) },
    children: children.map(({ id }) => ({ id })),
    systems: systems.map(({ id, organisations }) => ({ id, organisations })),
    log,
  }
}

function shownWays({ mail, webhook }: AlertSettings['ways']): unknown {
  return {
    mail: mail === null ? null : { ...mail, login: mail.login === null ? null : mail.login.user, ca: mail.ca !== null },
    webhook: webhook === null ? null : { url: new URL(webhook.url).origin, ca: webhook.ca !== null },
  }
}
