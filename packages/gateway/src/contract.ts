/** HTTP for document software and operators: what a program that opens a gateway gives and gets. */
import type { NodeDoors, RelayLog, RelayNode } from '@lienthong/relay'

/** What a gateway asks of its node. */
export type GatewayNode = Pick<
  RelayNode,
  'id' | 'table' | 'directory' | 'administration' | 'joining' | 'bridging' | 'submit' | 'track' | 'status'
> &
  NodeDoors

/** What a gateway is opened with. */
export interface GatewayOptions {
  /** The node behind it, in this process. */
  readonly node: GatewayNode
  /** Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number }
  /** PEM texts. null: plain HTTP, which beyond loopback answers only `vxp.plainHttpFrom`. @default null */
  readonly tls?: GatewayTls | null
  /** The interface of the national axis. */
  readonly vxp?: VxpOptions
  /** Everything below `/v1`. */
  readonly rest?: RestOptions
  /** Where events may be sent. */
  readonly webhooks?: WebhookOptions
  /** The door for administration. */
  readonly admin?: AdminOptions
  /** Networks (CIDR) that may read `/metrics`. @default loopback */
  readonly metricsFrom?: readonly string[]
  /** Hears of plain HTTP and of failures that nobody expected. @default nobody */
  readonly log?: RelayLog
  /** ms since the epoch. @default Date.now */
  readonly now?: () => number
}

/** Who the gateway is to its callers. */
export interface GatewayTls {
  /** The certificate and those between it and its authority, PEM. */
  readonly cert: string
  /** Private key of the certificate, PEM. */
  readonly key: string
  /** Authorities of client certificates; with it, callers may come by certificate. */
  readonly clientCa?: string
}

/** For document software that speaks VXP. */
export interface VxpOptions {
  /** Networks (CIDR) that may speak plain HTTP, as VNPT's SDK does when told `client.protocol=HTTP`. @default none but loopback */
  readonly plainHttpFrom?: readonly string[]
  /** Calls a minute and system; past it 429. @default 600 */
  readonly ratePerMinute?: number
}

/** For document software that speaks REST. */
export interface RestOptions {
  /** Calls a minute and system; past it 429. @default 6000 */
  readonly ratePerMinute?: number
}

/** Where a node may call, which is not everywhere: whoever subscribes names the address. */
export interface WebhookOptions {
  /**
   * Networks (CIDR) and host names that webhooks may go to beside the open internet, also by plain HTTP. Loopback,
   * private and link-local addresses are refused unless named. @default none
   */
  readonly allow?: readonly string[]
  /** Authorities (PEM) of receivers beside those everybody knows. @default none */
  readonly ca?: string | null
}

/** For operators, by their keys. */
export interface AdminOptions {
  /** Networks (CIDR) that operators may come from; null: from anywhere, with their key. @default null */
  readonly from?: readonly string[] | null
  /** Calls a minute and operator; past it 429. @default 600 */
  readonly ratePerMinute?: number
}

/** Every option filled in. */
export interface GatewaySettings {
  readonly node: GatewayNode
  readonly listen: GatewayOptions['listen']
  readonly tls: GatewayTls | null
  readonly vxp: Required<VxpOptions>
  readonly rest: Required<RestOptions>
  readonly webhooks: Required<WebhookOptions>
  readonly admin: Required<AdminOptions>
  readonly metricsFrom: readonly string[]
  readonly log: RelayLog
  readonly now: () => number
}

/** A gateway that listens. */
export interface Gateway {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string
  /** Takes nothing new, waits for what is under way up to `timeoutMs` (default 10 000), breaks off the rest. Idempotent. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
}
