/** The last lines of a log of this program, without what they quote. Lines of anything else stay out. */
import { open } from 'node:fs/promises'
import { RelayError } from '@lienthong/core'
import { systemReason } from '../config/read-file.ts'
import { type Redactor, redacted } from './redact.ts'

/** Of the end of the file that is looked at. */
const maxTailBytes = 4 * 1024 * 1024
/** What a service manager writes before a line. */
const prefix = String.raw`(?:\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \S+: )?`
const jsonLine = new RegExp(String.raw`^${prefix}(\{.*\})$`)
const consoleLine = new RegExp(
  String.raw`^${prefix}(\d{4}-\d\d-\d\dT[\d:.]+Z (?:ERROR|WARN|INFO|DEBUG)\s+)([^{]*?)(\s*\{.*)?$`,
)

/** Throws FILE_UNREADABLE. `shown` is the file as the user named it. */
export async function readLogTail(file: string, shown: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const start = Math.max(0, size - maxTailBytes)
      const bytes = Buffer.alloc(Math.min(size, maxTailBytes))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
      const text = bytes.subarray(0, bytesRead).toString()
      // The first line of a cut file has lost its beginning.
      return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new RelayError('FILE_UNREADABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  }
}

/** `leftOut` says how many lines are not shown. */
export function shownLog(
  text: string,
  { lines, leftOut }: { readonly lines: number; readonly leftOut: (count: number) => string },
  redactor: Redactor,
): string {
  const last = text.trimEnd().split('\n').slice(-lines)
  const kept = last.flatMap((line) => shownLine(line.trimEnd(), redactor) ?? [])
  const left = last.length - kept.length
  return [...(left === 0 ? [] : [`[${leftOut(left)}]`]), ...kept, ''].join('\n')
}

/** null: no line of ours. */
function shownLine(line: string, redactor: Redactor): string | null {
  const [, json] = jsonLine.exec(line) ?? []
  if (json !== undefined) {
    const entry = parsed(json)
    if (typeof entry?.['time'] !== 'string' || typeof entry['level'] !== 'string') return null
    const { time, level, message, node, uid, code, detail } = entry
    return JSON.stringify(redactor.value({ time, level, message, node, uid, code, detail }))
  }
  const [, head, words = '', nested] = consoleLine.exec(line) ?? []
  if (head === undefined) return null
  const detail = nested === undefined ? null : parsed(nested.trim())
  const end = nested === undefined ? '' : ` ${detail === null ? redacted : JSON.stringify(redactor.value(detail))}`
  return `${head}${redactor.text(words)}${end}`
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
