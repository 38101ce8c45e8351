/**
 * Whether a document says of itself that it is a state secret: such documents do not go over this system
 * [QĐ 28/2018; Luật Bảo vệ bí mật nhà nước 2018].
 *
 * Only a field that is there to carry a marking is asked, and only whether it is a mark, whole: "Bảo mật" in a
 * subject is a subject. How it was typed does not matter: letter case, composed or decomposed accents, full-width
 * letters, no-break and repeated spaces, invisible characters.
 */
import type { PacketHeader } from './packet.ts'

/** The three grades of secrecy. */
export const secrecyMarks: readonly string[] = ['MẬT', 'TỐI MẬT', 'TUYỆT MẬT']

export interface SecrecyMark {
  /** Path of the element that carries it. */
  readonly field: string
  /** As it stands in the list of marks. */
  readonly mark: string
}

/** The first marking found; null when there is none. */
export function secrecyMark(header: PacketHeader, marks: readonly string[] = secrecyMarks): SecrecyMark | null {
  const byForm = new Map(marks.map((mark) => [folded(mark), mark]))
  for (const [field, text] of markedFields(header)) {
    const mark = text === null ? undefined : byForm.get(folded(text))
    if (mark !== undefined) return { field, mark }
  }
  return null
}

function markedFields(header: PacketHeader): readonly (readonly [field: string, text: string | null])[] {
  return [
    ['MessageHeader/OtherInfo/SphereOfPromulgation', header.sphereOfPromulgation],
    ['MessageHeader/DocumentType/TypeName', header.documentType.typeName],
    ...header.appendixes.map((appendix) => ['MessageHeader/OtherInfo/Appendixes/Appendix', appendix] as const),
  ]
}

/** NFKC also makes full-width letters and no-break spaces plain. */
function folded(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim()
    .toUpperCase()
}
