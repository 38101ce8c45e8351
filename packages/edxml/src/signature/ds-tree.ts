/** A signature as a small tree, which is easier to ask than a list of nodes. */
import type { NodeRange } from './canonical.ts'
import { dsNamespace } from './names.ts'
import { excerpt, refuse } from './refuse.ts'
import type { XmlNode, XmlOpen } from './strict-xml.ts'

export interface DsElement {
  readonly local: string
  /** By name; a prefixed one under its prefix too. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly DsElement[]
  /** Directly in it, children left out. */
  readonly text: string
  readonly range: NodeRange
}

/** Throws SIGNATURE_SHAPE when an element of another namespace stands in it. */
export function dsTree(nodes: readonly XmlNode[], { open, close }: NodeRange): DsElement {
  const root = growing(open)
  const stack = [root]
  for (let at = open; at <= close; at++) {
    const node = nodes[at]
    const top = stack.at(-1) ?? root
    if (node?.kind === 'text') top.text += node.text
    else if (node?.kind === 'close') {
      top.range.close = at
      stack.pop()
    } else if (node?.kind === 'open') {
      if (node.uri !== dsNamespace) throw refuse('SIGNATURE_SHAPE', { what: excerpt(node.local) })
      const element = at === open ? root : growing(at)
      element.local = node.local
      element.attributes = attributesOf(node)
      if (at === open) continue
      top.children.push(element)
      stack.push(element)
    }
  }
  return root
}

interface Growing extends DsElement {
  local: string
  attributes: ReadonlyMap<string, string>
  readonly children: Growing[]
  text: string
  readonly range: { open: number; close: number }
}

function growing(open: number): Growing {
  return { local: '', attributes: new Map(), children: [], text: '', range: { open, close: open } }
}

function attributesOf({ attributes }: XmlOpen): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ prefix, local, value }) => [prefix === '' ? local : `${prefix}:${local}`, value]))
}
