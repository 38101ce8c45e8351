/**
 * A disk of a machine's own that can really be full: memory in the place of one folder, seen by none but the programs that are
 * started inside. It goes with the last of them, however that ends.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { startProcess, type Teardown, waitFor } from '../kit/index.ts'
import { standardPath } from '../kit/processes.ts'

const namespace = ['--map-root-user', '--mount', '--propagation', 'private']
const mebibytes = 96

/** null, or what this system lacks for one. */
export function lacksOwnDisk(): string | null {
  const made = spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
    env: { PATH: standardPath },
    encoding: 'utf8',
  })
  if (made.status === 0) return null
  return `needs unshare --mount with a tmpfs (${made.error?.message ?? made.stderr.trim()})`
}

export interface Started {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
}

export interface OwnDisk {
  /** The same program, started where the disk is seen. */
  inside(started: Started): Started
}

/** With what is in the folder now. Nothing may write there meanwhile. */
export async function openOwnDisk(folder: string, teardown: Teardown): Promise<OwnDisk> {
  const ready = `${folder}.on-disk`
  const script = `mkdir "$1.disk"
mount -t tmpfs -o size=${mebibytes}m,mode=0755 none "$1.disk"
cp -a "$1/." "$1.disk/"
mount --bind "$1.disk" "$1"
touch "$2"
exec sleep infinity`
  const holder = await startProcess({
    command: 'unshare',
    args: [...namespace, '/bin/sh', '-ec', script, 'disk', folder, ready],
    teardown,
  })
  await waitFor(
    () => {
      if (!holder.alive) throw new Error(`no disk: ${holder.stderr}`)
      return existsSync(ready)
    },
    { what: 'a disk' },
  )
  const enter = ['-t', String(holder.pid), '--user', '--mount', '--preserve-credentials']
  return {
    inside: ({ command, args, cwd }) => ({
      command: 'nsenter',
      // The folder the program begins in would be the one outside.
      args: [...enter, '/bin/sh', '-c', 'cd "$0" && exec "$@"', cwd, command, ...args],
      cwd: '/',
    }),
  }
}
