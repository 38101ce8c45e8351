/**
 * Several nodes in one process: one store host, and for each node its relay, its control socket and, when asked for, its gateway
 * and its alerts.
 *
 *   opening → running → stopping → stopped
 *
 * A node whose broker is away is running: it accepts documents and keeps trying.
 */
import type { NodeId } from '@lienthong/core'
import { type Gateway, openGateway } from '@lienthong/gateway'
import { type Alerts, startAlerts } from '@lienthong/gateway/alerts'
import { openBrokers } from '@lienthong/link'
import { openNode, type RelayEvent, type RelayLog, type RelayNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import { nodeObserver } from './alerts/observe-node.ts'
import type { NodeSettings } from './config/node-file.ts'
import { type ControlServer, openControlServer } from './control/server.ts'
import { socketPathOf } from './control/socket-path.ts'

export interface HostedNode {
  readonly settings: NodeSettings
  /** Settles when the node runs, or could not be opened. */
  readonly opened: Promise<RelayNode>
}

export interface NodeHost {
  readonly nodes: readonly HostedNode[]
  /** Stops every node, waiting for what is in hand up to `timeoutMs`; then the store. Idempotent. */
  close(timeoutMs: number): Promise<void>
}

interface RunningNode {
  readonly node: RelayNode
  readonly control: ControlServer
  readonly gateway: Gateway | null
  readonly alerts: Alerts | null
}

/** Begins to open every node; each tells through `opened`. `logOf` gives each node its log. */
export function hostNodes(settings: readonly NodeSettings[], logOf: (settings: NodeSettings) => RelayLog): NodeHost {
  const store = startStoreHost()
  const brokers = openBrokers()
  const running: RunningNode[] = []
  let closing: Promise<void> | undefined

  const open = async (one: NodeSettings): Promise<RelayNode> => {
    const log = logOf(one)
    const observe = one.log.level === 'debug' ? (event: RelayEvent) => logEvent(log, event) : undefined
    const node = await openNode(one.config, {
      store,
      brokers,
      log,
      nodes: settings.length,
      ...(observe === undefined ? {} : { observe }),
    })
    const { dataDir } = one.config
    try {
      const gateway = one.http === null ? null : await openGateway({ ...one.http, node, log })
      try {
        const control = await openControlServer(node, socketPathOf(dataDir), { log })
        try {
          running.push({ node, control, gateway, alerts: await alertsOf(one, node, log) })
        } catch (error) {
          await control.close({ timeoutMs: 0 })
          throw error
        }
      } catch (error) {
        await gateway?.close({ timeoutMs: 0 })
        throw error
      }
      if (gateway !== null) log('info', 'listening', { detail: { url: gateway.url } })
    } catch (error) {
      await node.stop({ timeoutMs: 0 })
      throw error
    }
    return node
  }

  const nodes = settings.map((one) => ({ settings: one, opened: open(one) }))

  const close = async (timeoutMs: number): Promise<void> => {
    // What listens before it counts as running is closed like any other.
    await Promise.allSettled(nodes.map(({ opened }) => opened))
    // Callers first, so that what they handed in is still brought to its end by their node.
    await Promise.all(
      running.map(async ({ control, gateway, alerts }) => {
        await Promise.all([
          alerts?.close(),
          control.close({ timeoutMs: timeoutMs / 2 }),
          gateway?.close({ timeoutMs: timeoutMs / 2 }) ?? Promise.resolve(),
        ])
      }),
    )
    await Promise.all(running.map(({ node }) => node.stop({ timeoutMs })))
    await store.close()
  }

  return {
    nodes,
    close: (timeoutMs) => {
      closing ??= close(timeoutMs)
      return closing
    },
  }
}

async function alertsOf(settings: NodeSettings, node: RelayNode, log: RelayLog): Promise<Alerts | null> {
  if (settings.alerts === null) return null
  const { id, dataDir } = settings.config
  return startAlerts({ ...settings.alerts, node: id, dataDir, observe: nodeObserver(node, settings), log })
}

function logEvent(log: RelayLog, event: RelayEvent): void {
  const { type, node, at: _at, ...rest } = event
  const { uid = null, code, ...detail } = { uid: undefined, code: undefined, ...rest }
  log('debug', type, { node: node satisfies NodeId, ...(uid ? { uid } : {}), ...(code ? { code } : {}), detail })
}
