/** What the command line asks for. */
import { parseArgs } from 'node:util'

export const parts = ['throughput', 'latency', 'whole-path', 'http', 'province', 'hosting', 'cluster'] as const
export type Part = (typeof parts)[number]

export interface BenchOptions {
  readonly parts: readonly Part[]
  /** How often each system is measured. */
  readonly rounds: number
  /** Part of the full number of documents, 0 … 1. */
  readonly scale: number
  readonly hosting: 'each' | 'one'
  /** How the shovels read their queues. */
  readonly shovelSource: 'tcp' | 'direct'
  readonly profileDir: string | null
  /** Lines go to results.csv. */
  readonly record: boolean
}

export const usage = `npm run bench -- [options]
  --only PART       ${parts.join(', ')}; may be given more than once
  --rounds N        runs of each system, 3
  --scale S         part of the full number of documents, 1
  --hosting HOW     each: a process for each node, as in production; one: one process for all
  --shovel-source   tcp: as a relay does; direct: inside the broker
  --profile FOLDER  writes a CPU profile of each relay
  --no-record       leaves results.csv alone
`

/** Throws an Error with a sentence for the user. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [...parts] },
      rounds: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      hosting: { type: 'string', default: 'each' },
      'shovel-source': { type: 'string', default: 'tcp' },
      profile: { type: 'string' },
      'no-record': { type: 'boolean', default: false },
      // Taken by the start-up script.
      lang: { type: 'string' },
    },
  })
  const unknown = values.only.find((part) => !(parts as readonly string[]).includes(part))
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${parts.join(', ')}`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a whole number from 1`)
  const scale = Number(values.scale)
  if (!(scale > 0 && scale <= 1)) throw new Error(`--scale ${values.scale}: above 0, at most 1`)
  if (values.hosting !== 'each' && values.hosting !== 'one') throw new Error(`--hosting ${values.hosting}: each or one`)
  const shovelSource = values['shovel-source']
  if (shovelSource !== 'tcp' && shovelSource !== 'direct') {
    throw new Error(`--shovel-source ${shovelSource}: tcp or direct`)
  }
  return {
    parts: parts.filter((part) => values.only.includes(part)),
    rounds,
    scale,
    hosting: values.hosting,
    shovelSource,
    profileDir: values.profile ?? null,
    record: !values['no-record'],
  }
}
