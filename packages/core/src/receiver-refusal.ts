import { RelayError } from './errors.ts'
import type { NotFound } from './organisation-index.ts'

/** Candidates named in a sentence; past that they are counted by nobody. */
const namedCandidates = 20

/** What a sender is told when a written code leads to nobody. */
export function receiverRefusal(written: string, reason: NotFound): RelayError {
  const { code } = reason
  const organ = { organ: written }
  switch (code) {
    case 'RECEIVER_UNKNOWN':
      return new RelayError(code, { detail: organ })
    case 'RECEIVER_SPLIT': {
      const { candidates, validTo } = reason
      const named = candidates.slice(0, namedCandidates).join(', ')
      return new RelayError(code, {
        detail: { ...organ, validTo, candidates: candidates.length > namedCandidates ? `${named}, …` : named },
      })
    }
    case 'RECEIVER_REPLACED': {
      const { successor, name, validTo } = reason
      return new RelayError(code, { detail: { ...organ, validTo, successor, name } })
    }
    case 'RECEIVER_CLOSED':
      return new RelayError(code, { detail: { ...organ, validTo: reason.validTo } })
    case 'RECEIVER_NOT_YET':
      return new RelayError(code, { detail: { ...organ, validFrom: reason.validFrom } })
  }
}
