/**
 * A page of the handbook as the script it is.
 *
 *     ```sh H29               typed at the machine of H29, by the account of the service, in the node's folder
 *     ```sh H29 root          typed there by root
 *     ```sh H29 exit=5        ends with 5
 *     ```text                 what the block before it answers; `…` stands for anything
 *     <!-- test: … -->        what happens meanwhile, which no reader types
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../conformance/source-files.ts'

export const handbook = join(root, 'deploy/handbook')
export const handbookLanguages = ['vi', 'en'] as const
export type HandbookLanguage = (typeof handbookLanguages)[number]

/** In an order in which they can be typed: what a page shows holds for the federation the pages before it have made. */
export const handbookPages = [
  'install.md',
  'join.md',
  'tables.md',
  'bridge.md',
  'documents.md',
  'reorganisation.md',
  'daily.md',
  'night-call.md',
  'backup.md',
  'memory-stick.md',
] as const

export interface Typed {
  readonly machine: string
  readonly root: boolean
  readonly exitCode: number
  readonly commands: string
  /** Lines of the answer, in order; null when the page shows none. */
  readonly answer: readonly string[] | null
  /** In the page, for the error. */
  readonly line: number
}

export type Step = { readonly typed: Typed } | { readonly happening: string; readonly line: number }

const part = /^```(\w*)(.*)\n([^]*?)^```$|^<!-- test: (.*) -->$/gm

/** Throws for a block that is none of those above: it would be tested by nobody. */
export function stepsIn(language: HandbookLanguage, page: string): readonly Step[] {
  const text = readFileSync(join(handbook, language, page), 'utf8')
  const steps: Step[] = []
  for (const { 1: kind, 2: info = '', 3: block = '', 4: happening, index } of text.matchAll(part)) {
    const line = text.slice(0, index).split('\n').length
    if (happening !== undefined) steps.push({ happening, line })
    else if (kind === 'sh') steps.push({ typed: typedIn(info, block, line) })
    else if (kind === 'text') steps.push(answered(steps.pop(), block, line))
    else throw new Error(`${page}:${line}: a block of no known kind`)
  }
  return steps
}

function typedIn(info: string, commands: string, line: number): Typed {
  const [machine = '', ...marks] = info.trim().split(' ')
  const exit = marks.find((mark) => mark.startsWith('exit='))?.slice('exit='.length) ?? '0'
  return { machine, root: marks.includes('root'), exitCode: Number(exit), commands, answer: null, line }
}

function answered(step: Step | undefined, block: string, line: number): Step {
  if (step === undefined || !('typed' in step)) throw new Error(`line ${line}: an answer to nothing`)
  return { typed: { ...step.typed, answer: block.trimEnd().split('\n') } }
}

/** null when the output has these lines in this order, else the first that is missing. Blanks count as one. */
export function missingLine(answer: readonly string[], output: string): string | null {
  const lines = output.split('\n').map(blanksAsOne)
  let from = 0
  for (const wanted of answer) {
    const pattern = new RegExp(`^${blanksAsOne(wanted).split('…').map(escaped).join('.*')}$`)
    const at = lines.slice(from).findIndex((line) => pattern.test(line))
    if (at < 0) return wanted
    from += at + 1
  }
  return null
}

function blanksAsOne(line: string): string {
  return line.replace(/\s+/g, ' ').trim()
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
