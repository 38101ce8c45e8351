/** Everything the doctor looks at, for the node a command names. */
import { resolve } from 'node:path'
import { fill, phrases, RelayError } from '@lienthong/core'
import type { CommandInput, Context } from '../command.ts'
import { problemLine } from '../config/problem.ts'
import { chosenAddress, chosenFile } from '../node-choice.ts'
import { askManagement, askNode, type Evidence, lookAtFolder, reach } from './evidence.ts'
import type { Finding } from './findings.ts'

/** Throws USAGE and NOT_FOUND when no node is named, FILE_UNREADABLE for its node.yaml. */
export async function examine(input: CommandInput, context: Context): Promise<Evidence> {
  const file = await chosenFile(input, context)
  const [seen, node] = await Promise.all([
    file === null ? nothingSeen : look(file, context),
    askNode(() => chosenAddress(input, context)),
  ])
  // No node was named at all: that is for whoever types.
  if ('code' in node && (node.code === 'USAGE' || node.code === 'NOT_FOUND')) {
    throw new RelayError(node.code, { detail: { reason: node.reason } })
  }
  return { ...seen, node }
}

type Seen = Omit<Evidence, 'node'>

const nothingSeen: Seen = { file: null, service: null, problems: [], data: null, broker: null, parent: null }
/** As in `lienthong@.service`. */
const serviceFile = /\/etc\/lienthong\/([^/]+)\/node\.yaml$/

async function look(file: string, { terminal, language }: Context): Promise<Seen> {
  const { workingDir, env } = terminal
  const { readNodeFile } = await import('../config/node-file.ts')
  const checked = await readNodeFile({ file, workingDir, env })
  const name = serviceFile.exec(resolve(workingDir, file))?.[1]
  const service = name === undefined ? null : `lienthong@${name}`
  if (!checked.ok) {
    return {
      ...nothingSeen,
      file,
      service,
      problems: checked.problems.map((problem) => problemLine(problem, language)),
    }
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
    service,
    problems: [],
    data,
    broker: { place: address.url, user: address.user, reach: own, management },
    parent: parent === null || above === null ? null : { node: parent.id, place: parent.address.url, reach: above },
  }
}

/** A finding in words, with its figures; for JSON. */
export function shownFinding({ level, cause, values, mend }: Finding, { language }: Context) {
  const said = fill(phrases[cause][language], values)
  const about = { level, id: cause.slice('doctor.'.length), cause: said, values }
  return 'command' in mend ? { ...about, command: mend.command } : { ...about, action: phrases[mend.phrase][language] }
}
