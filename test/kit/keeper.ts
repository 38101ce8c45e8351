/**
 * A keeper ends what a program has started, however the program itself ended: by return, by Ctrl-C, by a crash or by
 * kill -9, where no handler of ours runs any more.
 *
 *     program ──pipe──▶ keeper (sh, a session of its own)
 *        └── starts ──▶ processes that carry KEPT_BY=<mark> in their environment, and whatever they start
 *
 * The keeper does nothing but read its pipe. When that closes – the kernel closes it even after kill -9 – it kills every
 * process whose environment carries the mark, until there is none left, then removes the folder. Looking for the mark
 * instead of remembering ids means that nothing can be started unseen: Erlang leaves a detached `epmd` behind, puts
 * `erl_child_setup` into a session of its own, and starts port programs whenever it likes. The mark is random, so no
 * other process can carry it. Linux only (/proc).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { waitFor } from './wait-for.ts'

const variable = 'LIENTHONG_KEPT_BY'

const script = `
trap '' INT TERM HUP
while read -r _; do :; done
round=0
while [ $round -lt 100 ]; do
  alive=
  for file in $(grep -lzsx -F "${variable}=$1" /proc/[0-9]*/environ); do
    id=\${file#/proc/}
    kill -9 "\${id%/environ}" 2>/dev/null && alive=yes
  done
  [ -z "$alive" ] && break
  round=$((round + 1))
  sleep 0.05
done
[ -n "$2" ] && rm -rf -- "$2"
exit 0
`

export interface Keeper {
  /** To be in the environment of everything that is to be ended. */
  readonly environment: Readonly<Record<string, string>>
  /** Ids of the living processes that carry the mark. */
  processes(): number[]
  /** Ends them all (SIGKILL), removes the folder and ends the keeper. Idempotent. */
  end(): Promise<void>
}

/** Starts a keeper that also removes `folder`, when given; the folder's path is then the mark. It never holds the program open. */
export function startKeeper(folder = ''): Keeper {
  const mark = folder === '' ? randomUUID() : folder
  const child = spawn('/bin/sh', ['-c', script, 'keeper', mark, folder], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  unrefPipe(child)
  return {
    environment: { [variable]: mark },
    processes: () => keptProcesses(mark),
    async end() {
      child.stdin.destroy()
      await waitFor(() => child.exitCode !== null || child.signalCode !== null, {
        what: 'the keeper to end what it keeps',
        deadlineMs: 20_000,
      })
    },
  }
}

/** Ids of all living processes kept under `mark`: a broker's is its `dir`. */
export function keptProcesses(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${variable}=${mark}`))
    .map(Number)
}

function environmentOf(id: string): string[] {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8').split('\0')
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return []
  }
}

function unrefPipe(child: ChildProcess): void {
  // A pipe is a socket, which the declared type hides.
  if (child.stdin instanceof Socket) child.stdin.unref()
}
