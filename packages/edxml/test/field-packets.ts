/** Packets built from the table of elements: as little as every packet needs, around one element under test. */
import { elementsBelow, envelopeElement, type HeaderElement } from '../src/index.ts'
import { namespace102 } from './fixture.ts'

/** What a document cannot do without. */
export const needed: ReadonlyMap<string, string> = new Map([
  ['MessageHeader/From/OrganId', 'H29'],
  ['MessageHeader/DocumentId', 'd'],
])

export const elements: readonly HeaderElement[] = elementsBelow(envelopeElement)
export const leaves: readonly HeaderElement[] = elements.filter(({ kind }) => kind !== 'group')
export const groups: readonly HeaderElement[] = elements.filter(({ kind }) => kind === 'group')

export function nameOf({ path }: HeaderElement): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function parentOf({ path }: HeaderElement): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** A text in order, by kind. */
export const samples = {
  text: 'G01',
  number: '7',
  flag: 'true',
  date: '2025/07/01',
  time: '2025/07/01 08:30:00',
} as const satisfies Record<Exclude<HeaderElement['kind'], 'group'>, string>

/** `<edXML:Subject>…</edXML:Subject>` */
export function tagged(name: string, content: string): string {
  return `<edXML:${name}>${content}</edXML:${name}>`
}

/** Content in order: of a leaf its sample, of a group what is needed in it or else its first leaf. */
export function sampleInside(element: HeaderElement): string {
  if (element.kind === 'group') {
    const children = [...element.children.values()]
    const wanted = children.filter((child) => leadsTo(child, [...needed.keys()]))
    return (wanted.length > 0 ? wanted : children.slice(0, 1))
      .map((child) => tagged(nameOf(child), sampleInside(child)))
      .join('')
  }
  return needed.get(element.path) ?? samples[element.kind]
}

/** The leaf by which a group shows whether it was read: the first that `sampleInside` puts there. */
export function probeOf(element: HeaderElement): HeaderElement {
  if (element.kind !== 'group') return element
  const children = [...element.children.values()]
  const [first] = [...children.filter((child) => leadsTo(child, [...needed.keys()])), ...children]
  if (first === undefined) throw new Error(`${element.path} has no leaf`)
  return probeOf(first)
}

/** A packet in which `xml` stands where the element would, between what every packet needs. */
export function packetAround({ path }: HeaderElement, xml: string): Buffer {
  return packetOf((element) => (element.path === path ? xml : null), [path])
}

/** A packet with the leaves at `paths`, filled by `fill`, and with what every packet needs. */
export function packetOf(fill: (element: HeaderElement) => string | null, paths: readonly string[]): Buffer {
  const wanted = [...needed.keys(), ...paths]
  const render = (element: HeaderElement): string => {
    if (!leadsTo(element, wanted)) return ''
    const given = fill(element)
    if (given !== null) return given
    return tagged(nameOf(element), element.kind === 'group' ? below(element) : sampleInside(element))
  }
  const below = (element: HeaderElement): string => [...element.children.values()].map(render).join('')
  const [message, trace, manifest] = [...envelopeElement.children.values()].map(render)
  return Buffer.from(
    `<edXML xmlns="${namespace102}"><edXML:edXMLEnvelope xmlns:edXML="${namespace102}">` +
      `${tagged('edXMLHeader', `${message}${trace}`)}${tagged('edXMLBody', manifest ?? '')}</edXML:edXMLEnvelope></edXML>`,
  )
}

function leadsTo({ path }: HeaderElement, paths: readonly string[]): boolean {
  return paths.some((wanted) => wanted === path || wanted.startsWith(`${path}/`))
}
