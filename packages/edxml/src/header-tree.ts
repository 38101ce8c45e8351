/** A header as the tree of its known elements, and how fields are read off it. */
import type { HeaderElement } from './header-elements.ts'

export interface HeaderNode {
  readonly element: HeaderElement
  /** Of a leaf: its text without surrounding white space, null when nothing is left. Of a group: null. */
  text: string | null
  /** By local name, in the order met; null for none, since most have none. Of an element that may stand once, only the first. */
  children: Map<string, HeaderNode[]> | null
}

export function headerNode(element: HeaderElement): HeaderNode {
  return { element, text: null, children: null }
}

export function addChild(parent: HeaderNode, local: string, child: HeaderNode): void {
  parent.children ??= new Map()
  const before = parent.children.get(local)
  if (before === undefined) parent.children.set(local, [child])
  else before.push(child)
}

/** Children of that name; none when there is no parent. */
export function all(node: HeaderNode | undefined, local: string): readonly HeaderNode[] {
  return node?.children?.get(local) ?? []
}

export function has(node: HeaderNode, local: string): boolean {
  return node.children?.has(local) ?? false
}

export function one(node: HeaderNode | undefined, ...path: readonly string[]): HeaderNode | undefined {
  return path.reduce((at, local) => all(at, local)[0], node)
}

export function textAt(node: HeaderNode | undefined, ...path: readonly string[]): string | null {
  return one(node, ...path)?.text ?? null
}

/** Texts of a list of leaves, the empty ones left out. */
export function textsAt(node: HeaderNode | undefined, local: string): readonly string[] {
  return all(node, local).flatMap(({ text }) => (text === null ? [] : [text]))
}

export function numberAt(node: HeaderNode | undefined, ...path: readonly string[]): number | null {
  return wholeNumber(textAt(node, ...path))
}

export function flagAt(node: HeaderNode | undefined, ...path: readonly string[]): boolean | null {
  return flagOf(textAt(node, ...path))
}

/** Digits, nine at most: no sign, no exponent, no hexadecimal. */
export function wholeNumber(text: string | null): number | null {
  return text !== null && /^[0-9]{1,9}$/.test(text) ? Number(text) : null
}

/** `true`, `false`, `1` and `0`, in any case. */
export function flagOf(text: string | null): boolean | null {
  switch (text?.toLowerCase()) {
    case 'true':
    case '1':
      return true
    case 'false':
    case '0':
      return false
    default:
      return null
  }
}
