/**
 * Canonical XML without comments, exclusive and inclusive, over the nodes of a strict pass: our own
 * knowledge of what was signed, beside the library's. [Canonical XML 1.0 §2.3, Exclusive XML Canonicalization 1.0 §3]
 *
 * Not here: attributes of the xml namespace (the strict pass refuses them) and InclusiveNamespaces (the gate does).
 */
import type { Canonicalization } from './names.ts'
import type { XmlNode, XmlOpen } from './strict-xml.ts'

/** First and last node of an element. */
export interface NodeRange {
  readonly open: number
  readonly close: number
}

export interface CanonicalRequest {
  readonly method: Canonicalization
  readonly of: NodeRange
  /** Left out with all it contains: the signature itself. */
  readonly without?: NodeRange
}

/** Prefix to namespace. */
type Namespaces = ReadonlyMap<string, string>

interface Scope {
  readonly inScope: Namespaces
  /** What the output has declared so far. */
  readonly rendered: Namespaces
}

const none: Namespaces = new Map()

export function canonicalize(nodes: readonly XmlNode[], request: CanonicalRequest): string {
  const { method, of, without } = request
  const scopes: Scope[] = [{ inScope: namespacesAbove(nodes, of.open), rendered: none }]
  const names: string[] = []
  const output: string[] = []
  for (let at = of.open; at <= of.close; at++) {
    if (at === without?.open) {
      at = without.close
      continue
    }
    const node = nodes[at]
    if (node === undefined) break
    if (node.kind === 'text') output.push(escapeText(node.text))
    else if (node.kind === 'close') {
      scopes.pop()
      output.push(`</${names.pop()}>`)
    } else {
      const outer = scopes.at(-1) ?? { inScope: none, rendered: none }
      const inScope = declaredIn(outer.inScope, node)
      // Below the apex nothing new is in scope where nothing is declared.
      const settled = method === 'c14n' && scopes.length > 1 && inScope === outer.inScope
      const wanted = settled ? [] : method === 'c14n' ? inScope.keys() : usedPrefixes(node)
      const fresh = newlyRendered(wanted, { inScope, rendered: outer.rendered })
      scopes.push({ inScope, rendered: fresh.length === 0 ? outer.rendered : new Map([...outer.rendered, ...fresh]) })
      const name = qualified(node)
      names.push(name)
      output.push(`<${name}${fresh.map(declaration).join('')}${attributes(node)}>`)
    }
  }
  return output.join('')
}

/** What ancestors of a node have declared. */
function namespacesAbove(nodes: readonly XmlNode[], at: number): Namespaces {
  const scopes: Namespaces[] = [none]
  for (const node of nodes.slice(0, at)) {
    if (node.kind === 'open') scopes.push(declaredIn(scopes.at(-1) ?? none, node))
    else if (node.kind === 'close') scopes.pop()
  }
  return scopes.at(-1) ?? none
}

function declaredIn(outer: Namespaces, node: XmlOpen): Namespaces {
  return node.declarations.length === 0 ? outer : new Map([...outer, ...node.declarations])
}

function usedPrefixes(node: XmlOpen): Iterable<string> {
  const prefixes = node.attributes.map(({ prefix }) => prefix).filter((prefix) => prefix !== '')
  return new Set([node.prefix, ...prefixes])
}

function newlyRendered(wanted: Iterable<string>, { inScope, rendered }: Scope): (readonly [string, string])[] {
  return [...wanted]
    .map((prefix) => [prefix, inScope.get(prefix) ?? ''] as const)
    .filter(([prefix, uri]) => (rendered.get(prefix) ?? '') !== uri)
    .sort(([left], [right]) => compare(left, right))
}

function qualified({ prefix, local }: { readonly prefix: string; readonly local: string }): string {
  return prefix === '' ? local : `${prefix}:${local}`
}

function declaration([prefix, uri]: readonly [string, string]): string {
  return ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`
}

function attributes(node: XmlOpen): string {
  if (node.attributes.length === 0) return ''
  return node.attributes
    .toSorted((left, right) => compare(left.uri, right.uri) || compare(left.local, right.local))
    .map((attribute) => ` ${qualified(attribute)}="${escapeAttribute(attribute.value)}"`)
    .join('')
}

/** By code points, as the recommendations have it; UTF-16 units would order the rarest of them differently. */
function compare(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right))
}

const textEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character)
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (character) => attributeEscapes[character] ?? character)
}
