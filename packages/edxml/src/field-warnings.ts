import type { ErrorDetail } from '@lienthong/core'
import type { HeaderElement } from './header-elements.ts'
import { flagOf, type HeaderNode, has, wholeNumber } from './header-tree.ts'
import { namespace102, namespace2015 } from './vocabulary.ts'
import { type HeaderWarningCode, maxHeaderWarnings, type PacketWarning, type WarningCode } from './warning.ts'

/** Longest piece of a foreign name put into a warning. */
const shownLength = 64

/** Controls, direction marks, zero-width, tag and line-separating characters, stand-ins: they hide what a text says. */
const oddCharacters = /[\u0080-\u009f\u2060-\u206f\ufffc\ufffd\p{Cf}\p{Zl}\p{Zp}]/u

interface HeaderWarning extends PacketWarning {
  readonly code: HeaderWarningCode
}

/** Gathers what is unusual about a header while it is read. */
export interface FieldWarnings {
  readonly list: readonly PacketWarning[]
  root(uri: string): void
  prefix(prefix: string, local: string): void
  /** `parent` is a path. */
  unknown(parent: string, local: string): void
  repeated(element: HeaderElement): void
  mixed(element: HeaderElement): void
  leaf(node: HeaderNode): void
  group(node: HeaderNode): void
}

export function openFieldWarnings(): FieldWarnings {
  const list: PacketWarning[] = []
  let sawBare = false

  function warn(code: WarningCode, detail: ErrorDetail): void {
    if (list.length < maxHeaderWarnings) list.push({ code, detail })
  }

  return {
    list,
    root(uri) {
      if (uri !== namespace102 && uri !== namespace2015) {
        warn('NAMESPACE_UNUSUAL', { namespace: uri === '' ? '-' : uri.slice(0, shownLength) })
      }
    },
    prefix(prefix, local) {
      if (prefix !== '' || sawBare) return
      sawBare = true
      warn('PREFIX_MISSING', { field: local })
    },
    unknown: (parent, local) => warn('ELEMENT_UNKNOWN', { field: `${parent}/${local.slice(0, shownLength)}` }),
    repeated: (element) => warn('FIELD_REPEATED', { field: element.path }),
    mixed: (element) => warn('FIELD_MIXED', { field: element.path }),
    leaf({ element, text }) {
      for (const { code, detail } of fieldProblems(element, text)) warn(code, detail)
    },
    group(node) {
      const code = node.element.children.get('OrganId')
      if (code === undefined || code.occurrence === 'many' || !isOrganId(code) || has(node, 'OrganId')) return
      warn('ORGAN_ID_NULL', { field: code.path })
    },
  }
}

/** What is unusual about the text of a leaf: the reader takes it with warnings, the writer refuses to write it. */
export function fieldProblems(element: HeaderElement, text: string | null): readonly HeaderWarning[] {
  const field = element.path
  const problems: HeaderWarning[] = []
  if (isOrganId(element) && (text === null || text.toLowerCase() === 'null')) {
    problems.push({ code: 'ORGAN_ID_NULL', detail: { field } })
  }
  if (text === null) return problems
  const limit = element.maxLength
  if (limit !== null && text.length > limit && [...text].length > limit) {
    problems.push({ code: 'FIELD_TOO_LONG', detail: { field, limit } })
  }
  if (oddCharacters.test(text)) problems.push({ code: 'FIELD_ODD_CHARACTERS', detail: { field } })
  const code = formProblem(element, text)
  if (code !== null) problems.push({ code, detail: { field } })
  return problems
}

function isOrganId(element: HeaderElement): boolean {
  return element.path.endsWith('/OrganId') && element.path !== 'MessageHeader/ResponseFor/OrganId'
}

function formProblem({ kind }: HeaderElement, text: string): HeaderWarningCode | null {
  switch (kind) {
    case 'number':
      return wholeNumber(text) === null ? 'FIELD_NOT_NUMBER' : null
    case 'flag':
      return flagOf(text) === null ? 'FIELD_NOT_FLAG' : null
    case 'date':
      return isDay(text) ? null : 'FIELD_NOT_DATE'
    case 'time':
      return isTime(text) ? null : 'FIELD_NOT_TIME'
    case 'text':
    case 'group':
      return null
  }
}

/** `2025/07/01`, and a day that exists: samples carry 30 February. */
export function isDay(text: string): boolean {
  const parts = /^(\d{4})\/(\d{2})\/(\d{2})$/.exec(text)
  if (parts === null) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const at = new Date(Date.UTC(year, month - 1, day))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

function isTime(text: string): boolean {
  return isDay(text.slice(0, 10)) && /^ ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text.slice(10))
}
