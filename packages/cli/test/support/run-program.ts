import { spawn } from 'node:child_process'
import { PassThrough, Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { runProgram as runHere } from '../../src/program.ts'

const program = fileURLToPath(new URL('../../src/main.js', import.meta.url))

export interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** A person at the terminal; only `callProgram`. */
  readonly interactive?: boolean
}

/** Runs the real program to its end, in English unless told otherwise. */
export function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH, HOME, LANG: 'C.UTF-8', ...options.env },
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk))
  // It may end without having read what it was given.
  child.stdin.on('error', () => undefined).end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit) => resolve({ exit, ...text }))
  })
}

/** The same without a process of its own, from what `main.ts` calls. */
export async function callProgram(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const text = { stdout: '', stderr: '' }
  const collect = (name: 'stdout' | 'stderr') =>
    new PassThrough().setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk))
  const [stdout, stderr] = [collect('stdout'), collect('stderr')]
  const terminal = {
    stdin: Readable.from([Buffer.from(options.input ?? '')]),
    stdout,
    stderr,
    env: { LANG: 'C.UTF-8', ...options.env },
    workingDir: options.cwd ?? '/',
    width: 100,
    interactive: options.interactive === true,
    onStopSignal: () => () => undefined,
    exitNow: () => undefined,
  }
  const exit = await runHere(args, terminal, '0.0.0')
  for (const stream of [stdout, stderr]) {
    stream.end()
    await finished(stream)
  }
  return { exit, ...text }
}
