import type { RelayLog } from '@lienthong/relay'

/** Warnings and errors of the nodes kept for whoever asks why something went wrong. */
const keptLines = 20

export interface Problems {
  readonly log: RelayLog
  /** The newest, oldest first. */
  recent(): readonly string[]
}

export function createProblems(): Problems {
  const lines: string[] = []
  return {
    log(level, message, fields = {}) {
      if (level !== 'warn' && level !== 'error') return
      const { node = '', code = '', detail = {} } = fields
      lines.push([node, level, code, message, JSON.stringify(detail)].filter((part) => part !== '').join(' '))
      if (lines.length > keptLines) lines.shift()
    },
    recent: () => [...lines],
  }
}
