import { notEdxml } from './not-edxml.ts'
import { namespace102 } from './vocabulary.ts'

/** Text that may be left out: null, undefined and '' write nothing. */
export type Optional = string | number | boolean | null | undefined

export const prefixDeclaration = `xmlns:edXML="${namespace102}"`
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** Anything outside XML 1.0's Char production, lone surrogates included. */
const notAllowed = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare CR would come back as LF.
  '\r': '&#13;',
}

/** `text` as character data or attribute value. Throws NOT_EDXML `character` naming the field. */
export function escapeXml(text: string, field: string): string {
  if (notAllowed.test(text)) throw notEdxml('character', { field })
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character)
}

/**
 * A prefixed element around `content`, which is already XML. Within the envelope every element carries
 * the prefix: .NET's XmlSerializer at the receiving end rejects those that do not.
 */
export function wrap(name: string, ...content: readonly string[]): string {
  return `<edXML:${name}>${content.join('')}</edXML:${name}>`
}

/** A prefixed element with text; nothing at all for an empty value. */
export function leaf(name: string, value: Optional): string {
  return value === null || value === undefined || value === '' ? '' : wrap(name, escapeXml(String(value), name))
}

/** Like `leaf` for an element that must be there. Throws NOT_EDXML `required`. */
export function requiredLeaf(name: string, value: Optional): string {
  const element = leaf(name, value)
  if (element === '') throw notEdxml('required', { field: name })
  return element
}

/** An unprefixed element, as used beside the envelope; written even when empty. */
export function plainLeaf(name: string, value: string): string {
  return `<${name}>${escapeXml(value, name)}</${name}>`
}
