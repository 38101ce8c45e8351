/** The program `lienthong`: the one place that reads the process. */
import { readFileSync } from 'node:fs'
import { runProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

/** What a shell reports of a program ended by SIGPIPE. */
const brokenPipeExit = 141
/** Something left open must not keep a finished program alive. */
const lingerMs = 2000

const terminal: Terminal = {
  // Touching standard input starts to read it, so it is touched only when asked for.
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  workingDir: process.cwd(),
  width: process.stdout.isTTY ? process.stdout.columns : 100,
  get interactive() {
    return process.stdin.isTTY && process.stderr.isTTY
  },
  onStopSignal: (listener) => {
    process.on('SIGTERM', listener).on('SIGINT', listener)
    return () => void process.off('SIGTERM', listener).off('SIGINT', listener)
  },
  exitNow: (code) => process.exit(code),
}

// `lienthong … | head` ends the reader first; that is no failure worth a sentence.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? brokenPipeExit : 1)
  })
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
const exit = await runProgram(process.argv.slice(2), terminal, manifest.version)
process.exitCode = exit
setTimeout(() => process.exit(exit), lingerMs).unref()
