/** The packets of the show, written while brokers start. */
import { mkdir } from 'node:fs/promises'
import { type PreparedLetter, prepareDocument } from './senders.ts'
import { restOrgan, tree, vxpOrgan } from './tree.ts'

/** Of the PDF, so that the packet around it has 50 MB. */
const largeAttachmentBytes = 37_600_000
const urgentPriority = 3

export interface Programme {
  /** Commune to a commune of the other province. */
  readonly letter: PreparedLetter
  /** Centre to all. */
  readonly circular: PreparedLetter
  /** Within one province, while its bridge is cut. */
  readonly inside: PreparedLetter
  /** Over the bridge that is cut. */
  readonly across: PreparedLetter
  readonly large: PreparedLetter
  /** Same sender, same recipient as the large one. */
  readonly urgent: PreparedLetter
  /** Never sent in the show: for whoever goes on afterwards. */
  readonly sample: PreparedLetter
}

/** Stands in the sample where its number is, and nowhere else: copies of it get numbers of their own. */
export const sampleNumber = '990099'

/** Writes all packets into `folder`. */
export async function prepareProgramme(folder: string): Promise<Programme> {
  await mkdir(folder, { mode: 0o700 })
  const commune = { from: vxpOrgan, to: [restOrgan] } as const
  return {
    letter: await prepareDocument(folder, {
      ...commune,
      number: '12/UBND',
      subject: 'Về việc phối hợp xác minh thông tin hộ tịch của công dân',
      attachmentBytes: 120_000,
    }),
    circular: await prepareDocument(folder, {
      from: 'G22',
      to: tree.map(({ id }) => id).filter((id) => id !== 'G22'),
      number: '25/VPCP-KSTT',
      subject: 'Về việc triển khai gửi, nhận văn bản điện tử liên thông bốn cấp',
      attachmentBytes: 150_000,
    }),
    inside: await prepareDocument(folder, {
      from: 'H29.02',
      to: ['H29.18.05'],
      number: '31/SM-VP',
      subject: 'Hướng dẫn tiếp nhận hồ sơ tại bộ phận một cửa',
      attachmentBytes: 90_000,
    }),
    across: await prepareDocument(folder, {
      ...commune,
      number: '13/UBND',
      subject: 'Về việc bổ sung giấy tờ kèm theo Công văn số 12/UBND',
      attachmentBytes: 90_000,
    }),
    urgent: await prepareDocument(folder, {
      ...commune,
      number: '15/UBND',
      subject: 'HỎA TỐC: đề nghị phối hợp ứng phó thiên tai',
      attachmentBytes: 20_000,
      priority: urgentPriority,
    }),
    large: await prepareDocument(folder, {
      ...commune,
      number: '14/UBND',
      subject: 'Gửi hồ sơ quy hoạch kèm bản đồ',
      attachmentBytes: largeAttachmentBytes,
    }),
    sample: await prepareDocument(folder, {
      ...commune,
      number: `${sampleNumber}/UBND`,
      subject: 'Về việc kết nối phần mềm quản lý văn bản',
      attachmentBytes: 20_000,
    }),
  }
}
