/**
 * The log of a process, and the only place that knows winston.
 *
 * winston spreads an object given beside the message over the entry, so that a field called `level` or
 * `message` forges one; and its text formats pass newlines and escape sequences on. Here an entry is
 * built by hand from the few fields that are ours, everything else is nested under `detail`, and the
 * finished line goes through `printable`: one entry is one line, whatever anybody sends.
 */
import type { LogFields, RelayLog } from '@lienthong/relay'
import { createLogger, format, transports } from 'winston'
import { printable, printableJson } from './printable.ts'

export interface LogOptions {
  readonly format: 'json' | 'console'
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  /** Where lines go. */
  readonly stream: NodeJS.WritableStream
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number
}

/** One value of an entry's detail, characters, at most. */
const maxTextLength = 2048
const maxDepth = 6
const maxEntries = 64

/** Opens a log. Lines under `level` are dropped; nothing it is given makes it throw. */
export function openLog(options: LogOptions): RelayLog {
  const clock = options.clock ?? Date.now
  const line = options.format === 'json' ? jsonLine : consoleLine
  const logger = createLogger({
    level: options.level,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format: format.printf((info) => String(info['line'])),
    transports: [new transports.Stream({ stream: options.stream })],
  })
  return (level, message, fields = {}) => {
    if (!logger.isLevelEnabled(level)) return
    logger.log({ level, message: '', line: line({ at: clock(), level, message, fields }) })
  }
}

interface Entry {
  readonly at: number
  readonly level: string
  readonly message: string
  readonly fields: LogFields
}

function jsonLine({ at, level, message, fields }: Entry): string {
  const { node, uid, code, detail } = fields
  const time = new Date(at).toISOString()
  return printableJson({ time, level, message, node, uid, code, ...(detail ? { detail: plain(detail, 0) } : {}) })
}

function consoleLine({ at, level, message, fields }: Entry): string {
  const { node, uid, code, detail } = fields
  const about = Object.entries({ node, uid, code })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`)
  const nested = detail === undefined ? [] : [printableJson(plain(detail, 0))]
  const words = [new Date(at).toISOString(), level.toUpperCase().padEnd(5), message, ...about, ...nested]
  return printable(words.join(' '))
}

/** A copy that JSON can write: bounded in size and depth, without cycles, methods or secrets. */
function plain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return cut(withoutCredentials(value))
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? null : plainObject(value, depth)
    default:
      return undefined
  }
}

function plainObject(value: object, depth: number): unknown {
  if (value instanceof Error) return plainError(value, depth)
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`
  if (depth >= maxDepth) return '<…>'
  if (Array.isArray(value)) return value.slice(0, maxEntries).map((item) => plain(item, depth + 1) ?? null)
  // Without a prototype, `__proto__` is a name like any other.
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, item] of Object.entries(value).slice(0, maxEntries)) {
    copy[cut(name)] = /password|secret|private/i.test(name) ? '<hidden>' : plain(item, depth + 1)
  }
  return copy
}

function plainError(error: Error, depth: number): unknown {
  const code = 'code' in error ? plain(error.code, depth + 1) : undefined
  const stack = error.stack === undefined ? undefined : cut(withoutCredentials(error.stack))
  return { name: error.name, code, message: cut(withoutCredentials(error.message)), stack }
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//')
}

function cut(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}… (${text.length} characters)`
}
