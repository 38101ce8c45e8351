/** What somebody needs to know who wants to go on with the federation that is left running. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { socketPathOf } from '@lienthong/cli'
import type { NodeId, OrganId } from '@lienthong/core'
import type { Stage } from './stage.ts'

/** The content of demo.json. */
export interface DemoFile {
  readonly nodes: readonly {
    readonly id: NodeId
    readonly tier: string
    readonly parent: NodeId | null
    /** Those it serves. */
    readonly organisations: readonly OrganId[]
    /** Its own place at the broker, with the account that administers it. */
    readonly broker: {
      readonly url: string
      readonly vhost: string
      readonly management: string
      readonly user: string
      readonly password: string
    }
    /** Folder of its store. */
    readonly data: string
    /** Path of its control socket. */
    readonly admin: string
    /** Address of its gateway, and of what it serves there: `service.endpoint` of an SDK, and REST. */
    readonly http: string
    readonly vxp: string
    readonly rest: string
    /** The document software of its own unit: for VXP by id and secret, for REST by key, for AMQP by id and secret. */
    readonly system: { readonly id: string; readonly vxpSecret: string; readonly apiKey: string }
    /** Path of its node.yaml. */
    readonly config: string
  }[]
  /** All document software and what it may speak for. */
  readonly systems: readonly {
    readonly systemId: string
    readonly secret: string
    readonly apiKey: string
    readonly organisation: OrganId
  }[]
}

/** Writes demo.json into `dir`, mode 0600, and returns its path. */
export function writeDemoFile(dir: string, { federation, access }: Stage): string {
  const content: DemoFile = {
    nodes: federation.nodes.map(({ id, tier, parent, organisations, config, configFile }) => {
      const { url, vhost, user, password } = config.broker.address
      const { url: http, systemId, secret, apiKey } = access(id)
      return {
        id,
        tier,
        parent,
        organisations,
        broker: { url, vhost, management: config.broker.managementUrl, user, password },
        data: config.dataDir,
        admin: socketPathOf(config.dataDir),
        http,
        vxp: http,
        rest: `${http}/v1`,
        system: { id: systemId, vxpSecret: secret, apiKey },
        config: configFile,
      }
    }),
    systems: federation.nodes.map(({ id }) => {
      const { systemId, secret, apiKey, organ } = access(id)
      return { systemId, secret, apiKey, organisation: organ }
    }),
  }
  const file = join(dir, 'demo.json')
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  return file
}
