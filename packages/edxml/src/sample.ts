/** Realistic documents for demonstrations, tests and benchmarks: same request, same bytes. */
import { createHash } from 'node:crypto'
import type { OrganizationRef } from './packet.ts'
import type { OrganizationToWrite } from './packet-to-write.ts'
import { samplePdf } from './sample-pdf.ts'
import { writeDocument } from './write-document.ts'

export interface SampleRequest {
  readonly from: OrganizationRef
  /** At least one. */
  readonly to: readonly OrganizationRef[]
  /** `123/UBND-VP`; without a slash the notation is `UBND-VP`. */
  readonly number: string
  /** Trích yếu, any Unicode. */
  readonly subject: string
  /** 0 … 4. @default 0 */
  readonly priority?: number
  /** Size of the PDF before it is zipped and encoded (a third larger then); at least about 900. @default 3_000 */
  readonly attachmentBytes?: number
  /** @default `<from>,<date>,<number>` */
  readonly documentId?: string
  /** `yyyy/MM/dd`. @default '2025/07/01' */
  readonly promulgationDate?: string
}

const defaultAttachmentBytes = 3_000
const defaultDate = '2025/07/01'
const defaultNotation = 'UBND-VP'

/** An official letter (công văn) with one PDF. Memory stays the same up to 1 GiB and beyond. */
export function samplePacket(request: SampleRequest): AsyncIterable<Uint8Array> {
  const { from, to, subject, attachmentBytes = defaultAttachmentBytes, promulgationDate = defaultDate } = request
  const [number = '', notation = defaultNotation] = splitNumber(request.number)
  const shown = `${number}/${notation}`
  const documentId = request.documentId ?? `${from.organId},${promulgationDate},${shown}`
  const lines = [
    'CONG HOA XA HOI CHU NGHIA VIET NAM',
    'Doc lap - Tu do - Hanh phuc',
    '',
    asciiOf(from.organName ?? from.organId),
    `So: ${asciiOf(shown)}`,
    `V/v: ${asciiOf(subject)}`,
  ]
  const seed = createHash('sha256').update(documentId).digest().readUInt32LE(0)
  return writeDocument({
    from: asOrganization(from),
    to: to.map(asOrganization),
    documentId,
    code: { number, notation },
    promulgationDate,
    place: 'Hà Nội',
    documentType: { type: 1, typeDetail: 0, typeName: 'Công văn' },
    subject,
    content: subject,
    signer: { competence: 'KT. CHỦ TỊCH', position: 'PHÓ CHỦ TỊCH', fullName: 'Người ký thử nghiệm' },
    priority: request.priority ?? 0,
    pageAmount: 1,
    promulgationAmount: to.length > 999 ? 999 : to.length,
    steeringType: 1,
    toPlaces: ['Như trên', 'Lưu: VT'],
    sentAt: Date.parse(`${promulgationDate.replaceAll('/', '-')}T08:00:00+07:00`),
    business: { reason: 'Văn bản điện tử mới', paper: false },
    attachments: [
      {
        name: `${asciiOf(shown).replaceAll('/', '-')}.pdf`,
        contentType: 'application/pdf',
        description: subject,
        content: asStream(samplePdf(lines, attachmentBytes, seed)),
      },
    ],
  })
}

function splitNumber(number: string): readonly string[] {
  const slash = number.indexOf('/')
  return slash < 0 ? [number] : [number.slice(0, slash), number.slice(slash + 1)]
}

function asOrganization({ organId, organName }: OrganizationRef): OrganizationToWrite {
  return { organId, organName }
}

/** Vietnamese without its marks, for the page's built-in font; anything else becomes `?`. */
function asciiOf(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replace(/[^\x20-\x7e]/gu, '?')
}

async function* asStream(chunks: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* chunks
}
