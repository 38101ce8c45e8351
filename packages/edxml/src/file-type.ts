import { isUtf8 } from 'node:buffer'

/** What is looked at of a file: enough for every row of the tables here. */
export const sniffedBytes = 16 * 1024

export const octetStream = 'application/octet-stream'
const text = 'text/plain'
const zip = 'application/zip'
const ole = 'application/x-ole-storage'
const officePrefix = 'application/vnd.openxmlformats-officedocument'
const word = `${officePrefix}.wordprocessingml.document`
const sheet = `${officePrefix}.spreadsheetml.sheet`
const slides = `${officePrefix}.presentationml.presentation`
const windowsProgram = 'application/vnd.microsoft.portable-executable'
const unixProgram = 'application/x-elf'

/** Bytes at the very start, written as latin1. */
const signatures: readonly (readonly [bytes: string, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
  ['BM', 'image/bmp'],
  ['{\\rtf', 'application/rtf'],
  ['PK\x03\x04', zip],
  ['PK\x05\x06', zip],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', ole],
  ['Rar!\x1a\x07', 'application/vnd.rar'],
  ['7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
  ['\x1f\x8b\x08', 'application/gzip'],
  ['MZ', windowsProgram],
  ['\x7fELF', unixProgram],
]

/** What a name inside a zip makes of it. */
const zipMembers: readonly (readonly [prefix: string, type: string])[] = [
  ['word/', word],
  ['xl/', sheet],
  ['ppt/', slides],
]

/** What a stream's name inside an OLE file makes of it. */
const oleStreams: readonly (readonly [name: string, type: string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
]

const extensions: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  rtf: 'application/rtf',
  zip,
  rar: 'application/vnd.rar',
  '7z': 'application/x-7z-compressed',
  gz: 'application/gzip',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  docx: word,
  docm: word,
  xlsx: sheet,
  xlsm: sheet,
  pptx: slides,
  pptm: slides,
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  xml: 'application/xml',
  html: 'text/html',
  htm: 'text/html',
  txt: text,
  csv: 'text/csv',
  exe: windowsProgram,
  dll: windowsProgram,
}

/** Other names under which producers declare a type. */
const aliases: Readonly<Record<string, string>> = {
  'application/x-pdf': 'application/pdf',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'text/rtf': 'application/rtf',
  'text/xml': 'application/xml',
  'application/x-rar-compressed': 'application/vnd.rar',
  'application/x-msdownload': windowsProgram,
}

/** Types that can be told only as the wider one on the right. */
const wider: Readonly<Record<string, readonly string[]>> = {
  'application/msword': [ole],
  'application/vnd.ms-excel': [ole],
  'application/vnd.ms-powerpoint': [ole],
  'text/csv': [text],
  'text/html': [text, 'application/xml'],
  'application/xml': [text],
  [text]: ['application/xml', 'text/html'],
}

const archives: ReadonlySet<string> = new Set([
  zip,
  'application/vnd.rar',
  'application/x-7z-compressed',
  'application/gzip',
])
const programs: ReadonlySet<string> = new Set([windowsProgram, unixProgram])
const known: ReadonlySet<string> = new Set([...Object.values(extensions), ole])

/** First names of files that are zips themselves, and not wrapped into one. */
const documentMember = /^(\[Content_Types\]\.xml|(_rels|docProps|word|xl|ppt|customXml|META-INF)\/|mimetype$)/

/** The type of a file by its first and last bytes (`sniffedBytes` of each). */
export function sniffType(head: Buffer, tail: Buffer): string {
  const start = head.toString('latin1', 0, 16)
  const signed = signatures.find(([bytes]) => start.startsWith(bytes))?.[1]
  if (signed === zip) return zipKind(head, tail)
  if (signed === ole) return oleKind(head, tail)
  if (signed === 'image/bmp' || signed === windowsProgram) return isText(head) ? textKind(head) : signed
  if (signed !== undefined) return signed
  // Readers of PDF take up to a kilobyte of junk in front.
  if (head.subarray(0, 1024).includes('%PDF-')) return 'application/pdf'
  return isText(head) ? textKind(head) : octetStream
}

/** Whether a payload that begins like a zip is a document of that kind (docx, odt …) and not a wrapper. */
export function isDocumentZip(head: Buffer): boolean {
  const first = zipNames(head)[0]
  return first !== undefined && documentMember.test(first)
}

/** Whether bytes look like binary ones that were taken for text: all UTF-8, and EF BF BD where bytes were lost. */
export function isReencoded(head: Buffer): boolean {
  return head.includes('\ufffd') && isUtf8(wholeText(head))
}

/** What a file claims to be by its name and its declared type, where these say anything definite. */
export function claimedTypes(name: string | null, declared: string | null): readonly string[] {
  const extension = /\.([0-9a-z]{1,5})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? ''
  const byName = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined
  const stated = (declared ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const byType = Object.hasOwn(aliases, stated) ? aliases[stated] : stated
  // Official samples declare the zip around the file.
  return [byName, byType === zip ? undefined : byType].filter(
    (type) => type !== undefined && known.has(type),
  ) as string[]
}

/** What a file of that name should declare itself to be. */
export function typeOfName(name: string): string {
  return claimedTypes(name, null)[0] ?? octetStream
}

/** Whether a file of the real type may call itself the claimed one. */
export function agrees(claimed: string, real: string): boolean {
  return claimed === real || (wider[claimed]?.includes(real) ?? false)
}

export function isArchive(type: string): boolean {
  return archives.has(type)
}

export function isProgram(type: string): boolean {
  return programs.has(type)
}

function zipKind(head: Buffer, tail: Buffer): string {
  const names = [...zipNames(head), ...zipNames(tail)]
  if (names[0] === 'mimetype') return openDocumentKind(head)
  for (const [prefix, type] of zipMembers) {
    if (names.some((name) => name.startsWith(prefix))) return type
  }
  return zip
}

/** The first member of an OpenDocument file is its type, stored. */
function openDocumentKind(head: Buffer): string {
  const extra = head.readUInt16LE(28)
  const stated = /^application\/[a-z.+-]{1,80}/.exec(head.toString('latin1', 38 + extra, 138 + extra))?.[0] ?? ''
  return [...known].find((type) => stated === type) ?? zip
}

/** Names in the local headers and directory entries that lie in these bytes. */
function zipNames(bytes: Buffer): readonly string[] {
  const names: string[] = []
  for (const [signature, lengthAt, nameAt] of [
    ['PK\x03\x04', 26, 30],
    ['PK\x01\x02', 28, 46],
  ] as const) {
    for (let at = bytes.indexOf(signature, 0, 'latin1'); at >= 0; at = bytes.indexOf(signature, at + 4, 'latin1')) {
      if (at + nameAt > bytes.length) break
      names.push(bytes.toString('latin1', at + nameAt, at + nameAt + bytes.readUInt16LE(at + lengthAt)))
    }
  }
  return names
}

function oleKind(head: Buffer, tail: Buffer): string {
  for (const [name, type] of oleStreams) {
    // Directory names are UTF-16 and end in a zero.
    const bytes = Buffer.from(`${name}\0`, 'utf16le')
    if (head.includes(bytes) || tail.includes(bytes)) return type
  }
  return ole
}

function textKind(head: Buffer): string {
  const start = head
    .toString('utf8', 0, 512)
    .replace(/^\ufeff/, '')
    .trimStart()
    .toLowerCase()
  if (start.startsWith('<?xml')) return 'application/xml'
  return start.startsWith('<!doctype html') || start.startsWith('<html') ? 'text/html' : text
}

/** UTF-8, or UTF-16 with its mark, without control characters other than those of lines. */
function isText(head: Buffer): boolean {
  if (head.length === 0) return false
  if (head.length > 1 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))) return true
  const whole = wholeText(head)
  return isUtf8(whole) && !whole.some((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b)
}

/** Without the character that the end of what was looked at may have cut. */
function wholeText(head: Buffer): Buffer {
  if (head.length < sniffedBytes) return head
  for (let back = 1; back <= 4; back++) {
    if (((head[head.length - back] ?? 0) & 0xc0) !== 0x80) return head.subarray(0, head.length - back)
  }
  return head
}
