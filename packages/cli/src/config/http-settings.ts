/** What node.yaml says of the gateway, with the files it names. */
import { phrase } from '@lienthong/core'
import type { GatewayOptions, GatewayTls } from '@lienthong/gateway'
import type { PemFiles, SayAt } from './pem-files.ts'
import type { NodeFile } from './schema.ts'

export type HttpSettings = Omit<GatewayOptions, 'node' | 'log' | 'now'>

type TlsFiles = NonNullable<NonNullable<NodeFile['http']>['tls']>

/** null: no HTTP. */
export async function readHttpSettings(
  { http, vxp, rest, webhooks }: Pick<NodeFile, 'http' | 'vxp' | 'rest' | 'webhooks'>,
  { pem, warn }: { readonly pem: PemFiles; readonly warn: SayAt },
): Promise<HttpSettings | null> {
  if (http === undefined) {
    if (webhooks !== undefined) warn(['webhooks'], (language) => phrase(language, 'config.withoutHttp'))
    return null
  }
  const { listen, adminFrom, metricsFrom, tls } = http
  const { ratePerMinute, plainHttpFrom } = vxp
  const { allow, ca } = webhooks ?? {}
  return {
    listen,
    tls: tls === undefined ? null : await readTls(tls, pem),
    vxp: { ratePerMinute, ...(plainHttpFrom === undefined ? {} : { plainHttpFrom }) },
    rest,
    webhooks: {
      ...(allow === undefined ? {} : { allow }),
      ...(ca === undefined ? {} : { ca: await pem.authorities(['webhooks', 'ca'], ca) }),
    },
    ...(adminFrom === undefined ? {} : { admin: { from: adminFrom } }),
    ...(metricsFrom === undefined ? {} : { metricsFrom }),
  }
}

async function readTls({ cert, key, clientCa }: TlsFiles, pem: PemFiles): Promise<GatewayTls> {
  const path = ['http', 'tls']
  return {
    cert: await pem.read([...path, 'cert'], cert),
    key: await pem.read([...path, 'key'], key),
    ...(clientCa === undefined ? {} : { clientCa: await pem.authorities([...path, 'clientCa'], clientCa) }),
  }
}
