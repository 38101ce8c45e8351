/** What somebody needs to know who wants to go on with the federation that is left running. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { socketPathOf } from '@lienthong/cli'
import type { NodeId, OrganId } from '@lienthong/core'
import type { Federation } from '@lienthong/test/federation'

/** The content of demo.json. */
export interface DemoFile {
  readonly nodes: readonly {
    readonly id: NodeId
    readonly tier: string
    readonly parent: NodeId | null
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
    /** Addresses of HTTP doors; null where there is none. */
    readonly vxp: string | null
    readonly rest: string | null
    /** Path of its node.yaml. */
    readonly config: string
  }[]
  /** Document software and what it may speak for. */
  readonly systems: readonly { readonly systemId: string; readonly secret: string; readonly organisation: OrganId }[]
}

/** Writes demo.json into `dir`, mode 0600, and returns its path. */
export function writeDemoFile(dir: string, { nodes }: Federation): string {
  const content: DemoFile = {
    nodes: nodes.map(({ id, tier, parent, config, configFile }) => {
      const { url, vhost, user, password } = config.broker.address
      return {
        id,
        tier,
        parent,
        broker: { url, vhost, management: config.broker.managementUrl, user, password },
        data: config.dataDir,
        admin: socketPathOf(config.dataDir),
        vxp: null,
        rest: null,
        config: configFile,
      }
    }),
    systems: nodes.flatMap(({ config }) =>
      config.systems.flatMap(({ id, secret, organisations }) =>
        organisations.map((organisation) => ({ systemId: id, secret, organisation })),
      ),
    ),
  }
  const file = join(dir, 'demo.json')
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  return file
}
