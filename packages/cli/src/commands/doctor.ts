/** Finds what is broken first, with the node or its broker down as well. */
import { fill, phrases, RelayError } from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { problemLine } from '../config/problem.ts'
import { askManagement, askNode, type Evidence, lookAtFolder, reach } from '../doctor/evidence.ts'
import { type Finding, findingsOf } from '../doctor/findings.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenAddress, chosenFile, nodeOptions } from '../node-choice.ts'
import { printable } from '../printable.ts'

export const doctorCommand: CommandSpec = {
  path: ['doctor'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.doctor',
  options: nodeOptions,
  examples: [
    { command: 'doctor --config /etc/lienthong/node.yaml', describe: 'example.doctor' },
    { command: 'doctor --context h29', describe: 'example.doctorFrom' },
  ],
  run: async (input, context) => {
    const file = await chosenFile(input, context)
    const [seen, node] = await Promise.all([
      file === null ? nothingSeen : look(file, context),
      askNode(() => chosenAddress(input, context)),
    ])
    // No node was named at all: that is for whoever types.
    if ('code' in node && (node.code === 'USAGE' || node.code === 'NOT_FOUND')) {
      throw new RelayError(node.code, { detail: { reason: node.reason } })
    }
    const findings = findingsOf({ ...seen, node })
    const isBroken = findings.some(({ level }) => level === 'broken')
    await context.print({
      json: { well: !isBroken, findings: findings.map((finding) => shown(finding, context)) },
      table: () => text(findings, context),
    })
    return isBroken ? exitCodes.unavailable : exitCodes.ok
  },
}

type Seen = Omit<Evidence, 'node'>

const nothingSeen: Seen = { file: null, problems: [], data: null, broker: null, parent: null }

async function look(file: string, { terminal, language }: Context): Promise<Seen> {
  const { workingDir, env } = terminal
  const { readNodeFile } = await import('../config/node-file.ts')
  const checked = await readNodeFile({ file, workingDir, env })
  if (!checked.ok) {
    return { ...nothingSeen, file, problems: checked.problems.map((problem) => problemLine(problem, language)) }
  }
  const { dataDir, broker, parent } = checked.value.config
  const { address, managementUrl } = broker
  const [data, own, management, above] = await Promise.all([
    lookAtFolder(dataDir),
    reach(address.url, address.ca),
    askManagement(managementUrl, address),
    parent === null ? null : reach(parent.address.url, parent.address.ca),
  ])
  return {
    file,
    problems: [],
    data,
    broker: { place: address.url, user: address.user, reach: own, management },
    parent: parent === null || above === null ? null : { node: parent.id, place: parent.address.url, reach: above },
  }
}

function shown({ level, cause, values, mend }: Finding, { language }: Context) {
  const said = fill(phrases[cause][language], values)
  const about = { level, id: cause.slice('doctor.'.length), cause: said, values }
  return 'command' in mend ? { ...about, command: mend.command } : { ...about, action: phrases[mend.phrase][language] }
}

function text(findings: readonly Finding[], context: Context): string {
  const { say } = context
  const [first, ...others] = findings.map((finding) => ({ ...shown(finding, context), mend: finding.mend }))
  if (first === undefined) return say('doctor.well')
  const head = first.level === 'broken' ? [] : [say('doctor.well'), '']
  const cure = 'command' in first ? first.command : first.action
  const rest = others.map(({ cause }) => `- ${printable(cause)}`)
  return [
    ...head,
    `${say(first.level === 'broken' ? 'doctor.cause' : 'doctor.notice')} ${printable(first.cause)}`,
    `${say('doctor.mend')} ${printable(cure)}`,
    ...(rest.length === 0 ? [] : ['', say('doctor.also'), ...rest]),
  ].join('\n')
}
