import type { CommandSpec, Context } from '../command.ts'
import type { Finding } from '../edoc/findings.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderTable } from '../output.ts'

export const edocValidateCommand: CommandSpec = {
  path: ['edoc', 'validate'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.edoc.validate',
  options: {},
  examples: [{ command: 'edoc validate cong-van.edxml --lang vi', describe: 'example.edocValidate' }],
  run: async (input, context) => {
    const { findingsOf } = await import('../edoc/findings.ts')
    const { readPacketFile } = await import('../edoc/read-file.ts')
    const findings = findingsOf(await readPacketFile(input.required('file'), context), context.language)
    const errors = findings.filter(({ level }) => level === 'error').length
    await context.print({
      json: { valid: errors === 0, findings },
      table: () => (findings.length === 0 ? context.say('edoc.sound') : findingsText(findings, errors, context)),
    })
    return errors === 0 ? exitCodes.ok : exitCodes.refused
  },
}

function findingsText(findings: readonly Finding[], errors: number, { say }: Context): string {
  const rows = findings.map(({ level, code, text }) => [say(`edoc.${level}`), code, text])
  const table = renderTable([say('heading.level'), say('heading.code'), say('heading.text')], rows)
  return `${table}\n\n${say('edoc.errors', { errors, warnings: findings.length - errors })}`
}
