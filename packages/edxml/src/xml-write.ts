import { type FieldValue, fieldText, nameOf } from './field-form.ts'
import { defaultLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import { namespace102 } from './vocabulary.ts'

export const prefixDeclaration = `xmlns:edXML="${namespace102}"`

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare CR would come back as LF.
  '\r': '&#13;',
}

/** `text` as character data; it holds only what XML can carry. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character)
}

/**
 * A prefixed element around `content`, which is already XML. Within the envelope every element carries
 * the prefix: .NET's XmlSerializer at the receiving end rejects those that do not.
 */
export function wrap(name: string, ...content: readonly string[]): string {
  return `<edXML:${name}>${content.join('')}</edXML:${name}>`
}

/** The prefixed element at `path` with its text; nothing at all for an empty one. Throws NOT_EDXML as `fieldText` does. */
export function leaf(path: string, value: FieldValue): string {
  const text = fieldText(path, value)
  return text === '' ? '' : wrap(nameOf(path), escapeXml(text))
}

/** Like `leaf` for an element that must be there. Throws NOT_EDXML `required`. */
export function requiredLeaf(path: string, value: FieldValue): string {
  const element = leaf(path, value)
  if (element === '') throw notEdxml('required', { field: nameOf(path) })
  return element
}

/** A yes or no the way most elements have it: 1 or 0. */
export function digit(flag: boolean | null | undefined): number | null {
  return typeof flag === 'boolean' ? Number(flag) : null
}

/** An element for each of `items`. Throws NOT_EDXML `too-many-entries`. */
export function each<T>(name: string, items: readonly T[] | undefined, element: (item: T) => string): string {
  const limit = defaultLimits.maxEntries
  if (items === undefined) return ''
  if (items.length > limit) throw notEdxml('too-many-entries', { field: name, limit })
  return items.map(element).join('')
}

/** `wrap` for what would better not be there than be empty. */
export function wrapIfAny(name: string, content: string): string {
  return content === '' ? '' : wrap(name, content)
}

/** Like the element at `path`, without its prefix, as used beside the envelope; written even when empty. */
export function plainLeaf(path: string, value: FieldValue): string {
  const name = nameOf(path)
  return `<${name}>${escapeXml(fieldText(path, value))}</${name}>`
}

/** All of a packet up to the end of its envelope. Throws NOT_EDXML `header-too-large`. */
export function openPacket(header: string, body = ''): string {
  const packet = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `\n<edXML xmlns="${namespace102}"><edXML:edXMLEnvelope ${prefixDeclaration}>`,
    wrap('edXMLHeader', header),
    body,
    '</edXML:edXMLEnvelope>',
  ].join('')
  const limit = defaultLimits.maxHeaderLength
  if (packet.length > limit) throw notEdxml('header-too-large', { limit })
  return packet
}

export const packetEnd = '</edXML>\n'
