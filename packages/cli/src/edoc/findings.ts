/** What is wrong with a packet, worst first: what the rules say of it, and what its reader warned of. */
import type { Language } from '@lienthong/core'
import { attachmentWarnings, formatDate, type PacketWarning, validatePacket, warningSentence } from '@lienthong/edxml'
import type { PacketInFile } from './read-file.ts'

export interface Finding {
  /** `error`: against the regulation. `warning`: odd. */
  readonly level: 'error' | 'warning'
  readonly code: string
  readonly text: string
}

export function findingsOf({ header, attachments, warnings }: PacketInFile, language: Language): readonly Finding[] {
  const broken = validatePacket(header, { attachments, today: formatDate(Date.now()) })
  const findings: readonly Finding[] = [
    ...broken.map((finding) => ({
      level: finding.severity,
      code: finding.code,
      text: warningSentence(language, finding),
    })),
    ...warnings.map((warning) => ({
      level: isUnreadable(warning) ? ('error' as const) : ('warning' as const),
      code: warning.code,
      text: warningSentence(language, warning),
    })),
  ]
  return [...findings].sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
}

/** A file nobody can open is no mere oddity. */
function isUnreadable({ code }: PacketWarning): boolean {
  return (
    Object.hasOwn(attachmentWarnings, code) && attachmentWarnings[code as keyof typeof attachmentWarnings] === 'refused'
  )
}
