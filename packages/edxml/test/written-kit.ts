import { execFileSync, spawnSync } from 'node:child_process'
import type { Attachment, DocumentPacket, StatusPacket } from '../src/index.ts'

/** Packets with every field filled, one of each kind: what the golden files are made of. */

const files: readonly Attachment[] = [
  {
    name: 'Quyết định 123.pdf',
    contentType: 'application/pdf',
    description: 'Quyết định',
    content: Buffer.from('%PDF-1.4 …'),
  },
  { name: 'ghi chú.txt', contentType: 'text/plain', content: Buffer.from('ghi chú') },
]

/** The document of `document.edxml`. */
export const letter: DocumentPacket = {
  from: {
    organId: 'H29.18.05',
    organName: 'Uỷ ban nhân dân xã',
    organizationInCharge: 'Uỷ ban nhân dân huyện',
    organAdd: 'Số 1, đường Chính',
    email: 'vanthu@xa.example',
    telephone: '0281234567',
    fax: '0281234568',
    website: 'https://xa.example/?a=1&b=2',
  },
  to: [
    { organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' },
    { organId: '000.00.00.G22', organName: 'Văn phòng Chính phủ' },
  ],
  documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
  code: { number: '123', notation: 'UBND-VP' },
  promulgationDate: '2025/07/01',
  place: 'Hà Nội',
  documentType: { type: 2, typeDetail: 0, typeName: 'Quyết định' },
  subject: 'Về việc <thử> & kiểm tra',
  content: 'Nội dung',
  signer: { competence: 'TM.', position: 'CHỦ TỊCH', fullName: 'Người ký' },
  dueDate: '2025/07/31',
  priority: 3,
  sphereOfPromulgation: 'Nội bộ',
  typerNotation: 'VT',
  promulgationAmount: 2,
  pageAmount: 5,
  direction: false,
  appendixes: ['Phụ lục I', 'Phụ lục II'],
  responseFor: [
    {
      organId: 'H26.10',
      code: '267/UBND-TH',
      documentId: 'H26.10,2025/06/20,267/UBND-TH',
      promulgationDate: '2025/06/20',
    },
  ],
  steeringType: 2,
  toPlaces: ['Như trên', 'Lưu: VT'],
  sentAt: Date.parse('2025-07-01T08:30:05+07:00'),
  business: {
    reason: 'Văn bản điện tử mới',
    paper: true,
    staff: [{ department: 'Văn phòng', staff: 'Văn thư', email: 'vt@xa.example', mobile: '0900000000' }],
  },
  attachments: files,
}

/** The status packet of `status.edxml`. */
export const refusal: StatusPacket = {
  from: { organId: 'H26.10', organName: 'Uỷ ban nhân dân phường', organizationInCharge: 'Uỷ ban nhân dân thành phố' },
  responseFor: [
    {
      organId: 'H29.18.05',
      code: '123/UBND-VP',
      documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
      promulgationDate: '2025/07/01',
    },
  ],
  statusCode: 2,
  description: 'Gửi nhầm nơi nhận',
  staff: [{ department: 'Văn phòng', staff: 'Văn thư', email: 'vt@phuong.example', mobile: '0900000000' }],
  sentAt: Date.parse('2025-07-01T23:59:59+07:00'),
}

const everything: DocumentPacket = {
  ...letter,
  taskCodes: ['NV-01', 'NV-02'],
  applicationType: 'Văn bản đi',
  trace: [
    { organId: 'H29.18.05', timestamp: '2025/07/01 08:30:05' },
    { organId: 'H29', timestamp: '2025/07/01 08:31:00' },
  ],
}

export const documents: readonly (readonly [name: string, packet: DocumentPacket])[] = [
  ['document-0-new', everything],
  [
    'document-1-recall',
    { ...everything, businessType: 1, business: { ...letter.business, reason: 'Thu hồi vì sai số liệu' } },
  ],
  [
    'document-2-update',
    {
      ...everything,
      businessType: 2,
      business: {
        ...letter.business,
        documentId: 'H29.18.05,2025/06/15,110/UBND-VP',
        reason: 'Cập nhật văn bản',
        changes: [
          {
            documentInfo: true,
            documentReceiver: true,
            receivers: [
              { organId: 'H26.11', receiverType: 0 },
              { organId: '000.00.00.G22', receiverType: 1 },
            ],
          },
        ],
      },
    },
  ],
  [
    'document-3-replacement',
    {
      ...everything,
      businessType: 3,
      business: {
        ...letter.business,
        reason: 'Văn bản thay thế',
        replacements: [
          { documentId: 'H29.18.05,2025/06/15,110/UBND-VP', organIds: ['H26.10', '000.00.00.G22'] },
          { documentId: 'H29.18.05,2025/06/16,111/UBND-VP', organIds: ['H26.10'] },
        ],
      },
    },
  ],
]

/** Only 13 is said by the sender of the document to one of its recipients. */
export const statuses: readonly (readonly [name: string, packet: StatusPacket])[] = [
  ...[1, 2, 3, 4, 5, 6, 15, 16].map((statusCode): readonly [string, StatusPacket] => [
    `status-${String(statusCode).padStart(2, '0')}`,
    { ...refusal, statusCode, description: `Mã ${statusCode}` },
  ]),
  [
    'status-13',
    {
      ...refusal,
      from: { organId: 'H29.18.05', organName: 'Uỷ ban nhân dân xã' },
      responseFor: [{ ...refusal.responseFor[0], organId: 'H26.10' }],
      statusCode: 13,
      description: 'Lấy lại vì gửi nhầm',
    },
  ],
]

const payload = /(<edXML:ContentTransferEncoded [^>]*>)[^<]+/g

/** A packet's text without base64: that depends on the zlib at hand and is compared by what it holds. */
export function withoutPayloads(packet: Uint8Array): string {
  return Buffer.from(packet).toString().replace(payload, '$1BASE64')
}

/** Whether the independent checks can run. */
export function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0
}

export const pythonMissing = 'python3 is missing: install the package python3 to run this check'

export function python(script: string, input: Uint8Array): Buffer {
  return execFileSync('python3', ['-c', script], { input, maxBuffer: 1 << 22 })
}
