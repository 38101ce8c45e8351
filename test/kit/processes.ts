import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { startKeeper } from './keeper.ts'
import type { Teardown } from './teardown.ts'
import { waitFor } from './wait-for.ts'

/** Bytes of each stream kept for the caller; beyond, the beginning is forgotten. */
const maxOutputBytes = 16 * 1024 * 1024

export interface ProcessOptions {
  /** @default the running Node */
  readonly command?: string
  readonly args: readonly string[]
  /** @default the folder of the calling process */
  readonly cwd?: string
  /** The whole environment; nothing is inherited. @default only PATH */
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input, which is closed after it. @default nothing */
  readonly input?: string | Uint8Array
  /** Ends the process when the test ends, also when it runs on. */
  readonly teardown?: Teardown
}

export interface FinishedProcess {
  /** null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningProcess {
  readonly pid: number
  readonly alive: boolean
  /** What it has written so far. */
  readonly stdout: string
  readonly stderr: string
  /** Resolves when it has ended and its streams are read. Never rejects. */
  readonly finished: Promise<FinishedProcess>
  /** Signals the process only, not what it started. @default 'SIGTERM' */
  kill(signal?: NodeJS.Signals): void
  /** Kills it and all that it started (SIGKILL), and waits for the end. Idempotent. */
  end(): Promise<void>
}

/**
 * Starts a program. It and all that it starts are killed when the calling process ends, however that ends.
 * Rejects when it cannot be started.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const keeper = startKeeper()
  const child = spawn(options.command ?? process.execPath, options.args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: standardPath, ...options.env, ...keeper.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const stdout = gather(child.stdout)
  const stderr = gather(child.stderr)
  const finished = new Promise<FinishedProcess>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout: stdout(), stderr: stderr() }))
  })
  const end = async () => {
    await keeper.end()
    await finished
  }
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
  } catch (error) {
    await keeper.end()
    throw error
  }
  options.teardown?.after(end)
  // It may end without having read its input.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  void finished.then(() => keeper.end())
  return {
    pid: child.pid as number,
    finished,
    get alive() {
      return child.exitCode === null && child.signalCode === null
    },
    get stdout() {
      return stdout()
    },
    get stderr() {
      return stderr()
    },
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    end,
  }
}

/** Runs a program to its end. Rejects when it cannot be started, or has not ended by the deadline (it is then killed). */
export async function runProcess(
  options: ProcessOptions & {
    /** @default 60_000 */
    readonly deadlineMs?: number
  },
): Promise<FinishedProcess> {
  const running = await startProcess(options)
  let result: FinishedProcess | undefined
  void running.finished.then((finished) => {
    result = finished
  })
  try {
    return await waitFor(() => result, {
      what: `${options.args.join(' ')} to end`,
      deadlineMs: options.deadlineMs ?? 60_000,
    })
  } finally {
    await running.end()
  }
}

/** Where Debian has its programs: the kit's own processes do not depend on the caller's environment. */
export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function gather(stream: Readable): () => string {
  let chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > 2 * maxOutputBytes) {
      chunks = [Buffer.concat(chunks).subarray(-maxOutputBytes)]
      bytes = maxOutputBytes
    }
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
