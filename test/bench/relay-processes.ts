/** Relays as they run in production: `lienthong node run`, one process for each node unless asked otherwise. */
import { fileURLToPath } from 'node:url'
import { type ControlClient, connectControl, socketPathOf } from '@lienthong/cli'
import type { NodeId } from '@lienthong/core'
import type { NodeStatus } from '@lienthong/relay'
import { type RunningProcess, startProcess, type Teardown, waitFor } from '../kit/index.ts'
import type { Stage } from './stage.ts'

const program = fileURLToPath(new URL('../../bin/lienthong.mjs', import.meta.resolve('@lienthong/cli')))

/** As deploy/start/bin-lienthong.sh starts it. */
const nodeOptions = ['--min-semi-space-size=16']

/** Hundreds in one process, on a busy machine. */
const startDeadlineMs = 300_000

export interface HostingOptions {
  /** Which nodes share a process. */
  readonly hosting: 'each' | 'one'
  /** Folder for CPU profiles of the relays, written when they stop; null for none. */
  readonly profileDir: string | null
}

export interface Relays {
  client(id: NodeId): ControlClient
  readonly pids: readonly number[]
  /** Stops them in order. */
  stop(): Promise<void>
}

/** Starts nodes whose files are written; resolves when each answers and can publish to its parent. */
export async function startRelays(
  stage: Pick<Stage, 'plan'>,
  ids: readonly NodeId[],
  options: HostingOptions & { readonly teardown: Teardown },
): Promise<Relays> {
  const groups = options.hosting === 'one' ? [ids] : ids.map((id) => [id])
  const clients = new Map(ids.map((id) => [id, connectControl(socketPathOf(stage.plan.node(id).config.dataDir))]))
  const processes = await Promise.all(groups.map((group) => startGroup(stage, group, options)))

  async function ready(id: NodeId): Promise<boolean> {
    const failed = processes.find((each) => !each.alive)
    if (failed !== undefined) throw new Error(`a relay ended: ${failed.stderr.slice(-2_000)}`)
    const status = await clientOf(id)
      .status()
      .catch(() => null)
    return status !== null && status.broker.open && canPublish(status)
  }
  function clientOf(id: NodeId): ControlClient {
    const found = clients.get(id)
    if (found === undefined) throw new Error(`${id} was not started`)
    return found
  }
  for (const id of ids) await waitFor(() => ready(id), { what: `${id} to be ready`, deadlineMs: startDeadlineMs })
  return {
    client: clientOf,
    pids: processes.map(({ pid }) => pid),
    async stop() {
      for (const each of processes) each.kill('SIGTERM')
      await Promise.all(processes.map((each) => each.finished))
    },
  }
}

/** True at the root, and where the line to the parent takes frames. */
export function canPublish({ link }: NodeStatus): boolean {
  return link === null || link.phase === 'open' || link.phase === 'stalled'
}

function startGroup(
  stage: Pick<Stage, 'plan'>,
  ids: readonly NodeId[],
  { profileDir, teardown }: HostingOptions & { readonly teardown: Teardown },
): Promise<RunningProcess> {
  // All of them would be too long a name for a file.
  const name = ids.length > 9 ? `${ids[0]} and ${ids.length - 1} more` : ids.join('+')
  const profile =
    profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`]
  const configs = ids.flatMap((id) => ['--config', stage.plan.node(id).configFile])
  return startProcess({
    args: [...nodeOptions, ...profile, program, 'node', 'run', ...configs, '--lang', 'en'],
    env: { LANG: 'C.UTF-8' },
    teardown,
  })
}
