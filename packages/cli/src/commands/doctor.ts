/** Finds what is broken first, with the node or its broker down as well. */
import type { CommandSpec, Context } from '../command.ts'
import { examine, shownFinding } from '../doctor/examine.ts'
import { type Finding, findingsOf } from '../doctor/findings.ts'
import { exitCodes } from '../exit-codes.ts'
import { nodeOptions } from '../node-choice.ts'
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
    const findings = findingsOf(await examine(input, context))
    const isBroken = findings.some(({ level }) => level === 'broken')
    await context.print({
      json: { well: !isBroken, findings: findings.map((finding) => shownFinding(finding, context)) },
      table: () => text(findings, context),
    })
    return isBroken ? exitCodes.unavailable : exitCodes.ok
  },
}

function text(findings: readonly Finding[], context: Context): string {
  const { say } = context
  const [first, ...others] = findings.map((finding) => ({ ...shownFinding(finding, context), mend: finding.mend }))
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
