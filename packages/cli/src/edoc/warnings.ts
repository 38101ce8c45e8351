import type { Language } from '@lienthong/core'
import { type PacketWarning, warningSentence } from '@lienthong/edxml'

/** A warning as people read it. */
export interface Said {
  readonly code: string
  readonly text: string
}

export function sayWarning(warning: PacketWarning, language: Language): Said {
  return { code: warning.code, text: warningSentence(language, warning) }
}
