/** HTTP in front of each node, and what the system of its organisation needs to come in by any door. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OrganId } from '@lienthong/core'
import { openGateway } from '@lienthong/gateway'
import type { RelayLog, RelayNode } from '@lienthong/relay'
import type { PlannedNode } from '@lienthong/test/federation'
import type { Teardown } from '@lienthong/test/kit'

export interface Access {
  readonly organ: OrganId
  /** Of its node's gateway. */
  readonly url: string
  /** Also its account at the node's broker. */
  readonly systemId: string
  /** For VXP and AMQP. */
  readonly secret: string
  /** For REST. */
  readonly apiKey: string
}

/** A gateway that takes longer breaks off what is under way. */
const closeTimeoutMs = 3_000

/** Where the access of an organisation is written once its node answers over HTTP. */
export function accessFileOf(dir: string, organ: OrganId): string {
  return join(dir, organ, 'access.json')
}

/** Opens the node's gateway on a free port of loopback, issues an API key to its system, and writes the access file (0600). */
export async function openAccess(
  { config }: PlannedNode,
  { node, dir, cleanup, log }: { node: RelayNode; dir: string; cleanup: Teardown; log: RelayLog },
): Promise<Access> {
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 }, log })
  cleanup.after(() => gateway.close({ timeoutMs: closeTimeoutMs }))
  const [system] = config.systems
  const [organ] = system?.organisations ?? []
  if (system === undefined || organ === undefined) throw new Error(`${config.id} has no system`)
  const { id: systemId, secret } = system
  const { apiKey = '' } = await node.systems.rotate(systemId, { kind: 'apiKey', overlapMs: 0 }, 'demo')
  const access = { organ, url: gateway.url, systemId, secret, apiKey }
  const file = accessFileOf(dir, organ)
  // Whole or not at all: a client waits for it.
  writeFileSync(`${file}.part`, JSON.stringify(access), { mode: 0o600 })
  renameSync(`${file}.part`, file)
  return access
}
