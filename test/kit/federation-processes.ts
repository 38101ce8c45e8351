/** Nodes as processes of their own, started by the program as an administrator would, to be killed at will. */
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ControlClient, connectControl, socketPathOf } from '@lienthong/cli'
import type { PlannedNode } from './federation.ts'
import { type RunningProcess, startProcess } from './processes.ts'
import type { Teardown } from './teardown.ts'
import { waitFor } from './wait-for.ts'

const program = fileURLToPath(new URL('../../bin/lienthong.mjs', import.meta.resolve('@lienthong/cli')))

/** A process start on two busy cores. */
const startDeadlineMs = 60_000

export interface NodeProcess {
  readonly planned: PlannedNode
  /** Reaches whichever process of this node runs. */
  readonly client: ControlClient
  readonly pid: number
  /** Log lines of all processes of this node so far, JSON. */
  log(): string
  /** Starts it and waits until it answers. */
  start(): Promise<void>
  /** kill −9; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts `lienthong node run` for a node whose files are written. */
export async function startNodeProcess(planned: PlannedNode, teardown: Teardown): Promise<NodeProcess> {
  const client = connectControl(socketPathOf(planned.config.dataDir))
  let earlier = ''
  let running: RunningProcess | undefined

  async function start(): Promise<void> {
    rmSync(socketPathOf(planned.config.dataDir), { force: true })
    const started = await startProcess({
      args: [program, 'node', 'run', '--config', planned.configFile, '--lang', 'en'],
      env: { LANG: 'C.UTF-8' },
      teardown,
    })
    running = started
    await waitFor(
      async () => {
        if (!started.alive) throw new Error(`node ${planned.id} ended: ${started.stderr.slice(-2_000)}`)
        return client.status().catch(() => null)
      },
      { what: `node ${planned.id} to answer`, deadlineMs: startDeadlineMs },
    )
  }

  await start()
  return {
    planned,
    client,
    get pid() {
      return running?.pid ?? 0
    },
    log: () => `${earlier}${running?.stdout ?? ''}${running?.stderr ?? ''}`,
    start,
    async kill() {
      if (running === undefined) return
      running.kill('SIGKILL')
      const { stdout, stderr } = await running.finished
      earlier += stdout + stderr
      running = undefined
    },
  }
}
