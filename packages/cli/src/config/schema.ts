/** The shape of node.yaml and of a directory file. Everything is strict: an unknown key is an error. */
import { isIP } from 'node:net'
import { dayStart, isCode, newDocumentWays, phrase } from '@lienthong/core'
import { openNetworks, openTargets } from '@lienthong/gateway'
import { signaturePolicies } from '@lienthong/relay'
import { z } from 'zod'
import { alertSchema } from './alert-schema.ts'
import { nodeFileDefaults as defaults } from './defaults.ts'
import { certificateSchema, nodeKeySchema, rootKeySchema } from './key-schema.ts'
import { refusal, type Say } from './refusal.ts'
import { parseBytes, parseDuration } from './units.ts'

/** Where a secret is; the secret itself is never in the file. */
export type SecretSource = { readonly file: string } | { readonly env: string }

/** The sentence of an issue raised by this schema; undefined for zod's own. */
export function saidBy(issue: z.core.$ZodIssue): Say | undefined {
  return issue.code === 'custom' ? (issue.params?.['say'] as Say | undefined) : undefined
}

/** Code of an organisation or node as written. */
export const code = z.string().superRefine((value, context) => {
  if (!isCode(value)) context.addIssue(refusal((language) => phrase(language, 'config.code')))
})

export const day = z.string().superRefine((value, context) => {
  if (dayStart(value) === null) context.addIssue(refusal((language) => phrase(language, 'config.day')))
})

export const text = z.string().superRefine((value, context) => {
  if (value.trim() === '') context.addIssue(refusal((language) => phrase(language, 'config.empty')))
})

const secret = z
  .custom<unknown>(() => true)
  .transform((value, context): SecretSource => {
    const refuse = (say: Say): never => {
      context.addIssue(refusal(say))
      return z.NEVER
    }
    if (value === undefined) return refuse((language) => phrase(language, 'config.missing'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse((language) => phrase(language, 'config.secretInline'))
    }
    const [entry, ...more] = Object.entries(value)
    if (entry === undefined || more.length > 0 || typeof entry[1] !== 'string' || entry[1] === '') {
      return refuse((language) => phrase(language, 'config.secretForm'))
    }
    if (entry[0] === 'file') return { file: entry[1] }
    if (entry[0] === 'env') return { env: entry[1] }
    return refuse((language) => phrase(language, 'config.secretForm'))
  })

const bytes = z.union([z.string(), z.number()]).transform((value, context): number => {
  const parsed = parseBytes(value)
  if (parsed === null || parsed === 0) {
    context.addIssue(refusal((language) => phrase(language, 'config.bytes')))
    return z.NEVER
  }
  return parsed
})

const duration = z.union([z.string(), z.number()]).transform((value, context): number => {
  const parsed = parseDuration(value)
  if (parsed === null || parsed === 0) {
    context.addIssue(refusal((language) => phrase(language, 'config.duration')))
    return z.NEVER
  }
  return parsed
})

const count = z.number().superRefine((value, context) => {
  if (!Number.isSafeInteger(value) || value < 1) {
    context.addIssue(refusal((language) => phrase(language, 'config.count')))
  }
})

const brokerUrl = z.string().superRefine((value, context) => {
  const url = readUrl(value)
  if (url === null || (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') || url.hostname === '') {
    context.addIssue(refusal((language) => phrase(language, 'config.brokerUrl')))
  } else if (url.username !== '' || url.password !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.urlCredentials')))
  } else if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.urlPath')))
  } else if (url.protocol === 'amqp:' && !isLoopback(url.hostname)) {
    context.addIssue(refusal((language) => phrase(language, 'config.brokerTls')))
  }
})

const managementUrl = z.string().superRefine((value, context) => {
  const url = readUrl(value)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    context.addIssue(refusal((language) => phrase(language, 'config.managementUrl')))
  } else if (url.username !== '' || url.password !== '') {
    context.addIssue(refusal((language) => phrase(language, 'config.urlCredentials')))
  } else if (!isLoopback(url.hostname)) {
    context.addIssue(refusal((language) => phrase(language, 'config.managementLoopback')))
  }
})

function readUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true
  return isIP(hostname) === 4 && hostname.startsWith('127.')
}

/** `127.0.0.1:8080`, `[::1]:8443`, `0.0.0.0:443`. */
const listen = z.string().transform((value, context) => {
  const [, bracketed, plain, port = ''] = /^(?:\[([0-9a-fA-F:]+)\]|([0-9.]+|localhost)):(\d{1,5})$/.exec(value) ?? []
  const host = bracketed ?? plain ?? ''
  if ((host !== 'localhost' && isIP(host) === 0) || Number(port) > 65_535) {
    context.addIssue(refusal((language) => phrase(language, 'config.listen')))
    return z.NEVER
  }
  return { host, port: Number(port) }
})

const networks = z.array(z.string()).superRefine((value, context) => {
  try {
    openNetworks(value)
  } catch {
    context.addIssue(refusal((language) => phrase(language, 'config.networks')))
  }
})

const target = z.string().superRefine((value, context) => {
  try {
    openTargets([value])
  } catch {
    context.addIssue(refusal((language) => phrase(language, 'config.target')))
  }
})

export const nodeFileSchema = z.strictObject({
  id: code,
  data: text,
  key: text,
  directory: text.optional(),
  roots: z.array(rootKeySchema).optional(),
  tier: text.optional(),
  earlierKeys: z.array(text).optional(),
  tableVersion: count.prefault(defaults.tableVersion),
  broker: z.strictObject({
    url: brokerUrl,
    vhost: text,
    user: text,
    password: secret,
    management: managementUrl,
    ca: text.optional(),
    public: brokerUrl.optional(),
    publicCa: text.optional(),
  }),
  parent: z.strictObject({ id: code, url: brokerUrl, vhost: text, password: secret, ca: text.optional() }).nullish(),
  children: z.array(z.strictObject({ id: code, password: secret })).optional(),
  systems: z.array(z.strictObject({ id: code, secret, organisations: z.array(code) })).optional(),
  http: z
    .strictObject({
      listen,
      tls: z.strictObject({ cert: text, key: text, clientCa: text.exactOptional() }).optional(),
      adminFrom: networks.optional(),
      metricsFrom: networks.optional(),
    })
    .optional(),
  vxp: z
    .strictObject({ plainHttpFrom: networks.optional(), ratePerMinute: count.prefault(defaults.vxp.ratePerMinute) })
    .prefault({}),
  rest: z.strictObject({ ratePerMinute: count.prefault(defaults.rest.ratePerMinute) }).prefault({}),
  webhooks: z.strictObject({ allow: z.array(target).exactOptional(), ca: text.exactOptional() }).optional(),
  limits: z
    .strictObject({
      maxDocument: bytes.prefault(defaults.limits.maxDocument),
      inFlight: bytes.prefault(defaults.limits.inFlight),
      openAssemblies: count.prefault(defaults.limits.openAssemblies),
      linkQueue: bytes.prefault(defaults.limits.linkQueue),
      spool: bytes.prefault(defaults.limits.spool),
    })
    .prefault({}),
  custody: z
    .strictObject({
      firstQuery: duration.prefault(defaults.custody.firstQuery),
      maxQuery: duration.prefault(defaults.custody.maxQuery),
    })
    .prefault({}),
  onReusedId: z.enum(['refuse', 'warn']).prefault(defaults.onReusedId),
  signatures: z
    .strictObject({
      policy: z.enum(signaturePolicies).prefault(defaults.signatures.policy),
      organisations: z.record(code, z.enum(signaturePolicies)).optional(),
    })
    .prefault({}),
  alerts: alertSchema({ text, duration, secret }).optional(),
  log: z
    .strictObject({
      format: z.enum(['json', 'console']).prefault(defaults.log.format),
      level: z.enum(['error', 'warn', 'info', 'debug']).prefault(defaults.log.level),
    })
    .prefault({}),
})

export type NodeFile = z.output<typeof nodeFileSchema>

/** What an organisation says of itself, wherever it is written down. */
export const organisationShape = {
  id: code,
  name: text,
  oldCode: code.optional(),
  code102: code.optional(),
  parent: code.nullable(),
  mail: text.optional(),
  validFrom: day.optional(),
  validTo: day.optional(),
  successors: z.array(code).min(1).optional(),
  formerNodes: z
    .array(z.strictObject({ node: code, until: day }))
    .min(1)
    .optional(),
  newDocuments: z.enum(newDocumentWays).optional(),
  splitRules: z
    .array(z.strictObject({ from: code.optional(), unit: code.optional(), to: code }))
    .min(1)
    .optional(),
  certificates: z.array(certificateSchema).optional(),
}

export const directoryFileSchema = z.strictObject({
  version: count,
  nodes: z.array(
    z.strictObject({
      id: code,
      tier: text,
      parent: code.nullable(),
      keys: z.array(nodeKeySchema),
    }),
  ),
  organisations: z.array(z.strictObject({ ...organisationShape, node: code })),
  groups: z.record(z.string(), z.array(code)).optional(),
  roots: z.array(rootKeySchema).optional(),
})

export type DirectoryFile = z.output<typeof directoryFileSchema>
