/** `node run`: from configuration files to nodes that run until they are asked to stop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RelayError } from '@lienthong/core'
import type { NodeStatus } from '@lienthong/relay'
import type { Context } from './command.ts'
import { linkText } from './commands/status.ts'
import { type NodeSettings, readNodeFile } from './config/node-file.ts'
import { type ConfigProblem, configRefusal, problemLine } from './config/problem.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { type HostedNode, hostNodes } from './host.ts'
import { openLog } from './log.ts'

/** How often a starting node is asked whether it is ready. */
const pollMs = 100
/** A broker away for this long is worth a line. */
const patienceMs = 3000
/** A link that is still opening then does not hold back the line that says the node is ready. */
const linkPatienceMs = 3000

export interface RunChoice {
  readonly files: readonly string[]
  /** For the work in hand; then everything is closed within as long again. */
  readonly stopTimeoutMs: number
}

/** Resolves when the nodes have stopped. Throws what kept one from starting. */
export async function runNodes({ files, stopTimeoutMs }: RunChoice, context: Context): Promise<ExitCode> {
  return runUntilStopped(await readAll(files, context), stopTimeoutMs, context)
}

async function readAll(files: readonly string[], context: Context): Promise<readonly NodeSettings[]> {
  const { workingDir, env } = context.terminal
  const settings: NodeSettings[] = []
  const problems: ConfigProblem[] = []
  for (const file of files) {
    const checked = await readNodeFile({ file, workingDir, env })
    for (const warning of checked.warnings) {
      await context.note(context.say('config.warning', { text: problemLine(warning, context.language) }))
    }
    if (checked.ok) settings.push(checked.value)
    else problems.push(...checked.problems)
  }
  if (problems.length > 0) throw configRefusal(problems)
  refuseTwins(settings, context)
  return settings
}

/** Two files for one node, or two nodes in one folder, would only fight over the store. */
function refuseTwins(settings: readonly NodeSettings[], context: Context): void {
  const seen = new Map<string, string>()
  for (const { file, config } of settings) {
    for (const name of [`id ${config.id}`, `data ${config.dataDir}`]) {
      const other = seen.get(name)
      if (other !== undefined) {
        throw new RelayError('USAGE', { detail: { reason: context.say('usage.twins', { file, other, name }) } })
      }
      seen.set(name, file)
    }
  }
}

async function runUntilStopped(
  settings: readonly NodeSettings[],
  stopTimeoutMs: number,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const stop = new AbortController()
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
  const unlisten = terminal.onStopSignal((name) => {
    // The second one means it: the store takes a sudden end.
    if (stop.signal.aborted) terminal.exitNow(name === 'SIGINT' ? 130 : 143)
    stop.abort()
  })
  const host = hostNodes(settings, ({ log }) => openLog({ ...log, stream: terminal.stderr }))
  try {
    const announced = Promise.all(host.nodes.map((node) => announce(node, stop.signal, context)))
    await Promise.race([stopped, announced.then(() => stopped)])
    await context.note(context.say('node.stopping'))
  } finally {
    stop.abort()
    await closeWithin(() => host.close(stopTimeoutMs), stopTimeoutMs * 2)
    unlisten()
  }
  return exitCodes.ok
}

/** Gives up waiting, loudly: what was in hand is in the store and at the broker, and goes on at the next start. */
async function closeWithin(close: () => Promise<void>, timeoutMs: number): Promise<void> {
  const timer = new AbortController()
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(
    () => {
      throw new RelayError('INTERNAL', { detail: { reason: `stop > ${timeoutMs} ms` } })
    },
    () => undefined,
  )
  try {
    await Promise.race([close(), late])
  } finally {
    timer.abort()
  }
}

/** One line when the node is ready; before that, once, that its broker is away. */
async function announce({ settings, opened }: HostedNode, stop: AbortSignal, context: Context): Promise<void> {
  const { id, broker } = settings.config
  const { url, vhost } = broker.address
  const place = `${url}/${vhost}`
  const since = Date.now()
  let saidAway = false
  let openSince: number | null = null
  for (;;) {
    const node = await Promise.race([opened, sleep(pollMs).then(() => null)])
    if (stop.aborted) return
    const status = node === null ? null : await node.status()
    if (status?.broker.open === true) {
      openSince ??= Date.now()
      if (isSettled(status) || Date.now() - openSince > linkPatienceMs) {
        await context.print({
          json: { event: 'ready', node: id, broker: place, link: status.link },
          table: () => context.say('node.ready', { node: id, broker: place, link: linkText(status.link, context) }),
        })
        return
      }
    } else if (!saidAway && Date.now() - since > patienceMs) {
      saidAway = true
      await context.print({
        json: { event: 'broker-away', node: id, broker: place, code: 'BROKER_UNREACHABLE' },
        table: () => context.say('node.brokerAway', { node: id, broker: place }),
      })
    }
    if (node !== null) await sleep(pollMs)
  }
}

function isSettled({ link }: NodeStatus): boolean {
  return link === null || link.phase === 'open' || link.phase === 'stalled'
}
