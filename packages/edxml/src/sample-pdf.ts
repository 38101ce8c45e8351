/**
 * A one-page PDF 1.4 of an exact size, as a stream.
 *
 * Bytes beyond the page are pseudo-random stream objects no page refers to: they weigh and compress
 * like scanned pages. Numbers whose width could vary are padded with zeros, so that every offset is
 * known before the first byte is made.
 */

/** Largest filler object, bytes of its data. */
const fillerBytes = 1 << 20
const xrefEntryBytes = 20
const pad10 = (value: number): string => String(value).padStart(10, '0')

const head = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'

/**
 * @param lines ASCII lines printed on the page
 * @param bytes size of the file; the smallest possible (about 900) when less
 * @param seed of the filler
 */
export function* samplePdf(lines: readonly string[], bytes: number, seed: number): Iterable<Uint8Array> {
  const fixed = fixedObjects(lines)
  const plan = planFiller(bytes - sizeOf(fixed, 0))
  const fillers = plan.dataBytes.length
  const objects = [...fixed.slice(0, -1), pageContent(fixed.length, lines, plan.blanks)]

  const offsets: number[] = []
  let offset = head.length
  yield latin1(head)
  for (const object of objects) {
    offsets.push(offset)
    offset += object.length
    yield latin1(object)
  }
  const random = randomBytes(seed)
  for (const [index, dataBytes] of plan.dataBytes.entries()) {
    const { before, after } = fillerFrame(objects.length + 1 + index, dataBytes)
    offsets.push(offset)
    offset += before.length + dataBytes + after.length
    yield latin1(before)
    yield random(dataBytes)
    yield latin1(after)
  }
  yield latin1(trailer(offsets, objects.length + fillers, offset))
}

/** Catalog, pages, page, font, and last the page's content. */
function fixedObjects(lines: readonly string[]): readonly string[] {
  return [
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R ' +
      '/Resources << /Font << /F1 4 0 R >> >> >>\nendobj\n',
    '4 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n',
    pageContent(5, lines, 0),
  ]
}

function pageContent(id: number, lines: readonly string[], blanks: number): string {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n')
  const operators = `BT /F1 12 Tf 16 TL 60 780 Td\n${shown}\nET\n${' '.repeat(blanks)}`
  return `${id} 0 obj\n<< /Length ${pad10(operators.length)} >>\nstream\n${operators}\nendstream\nendobj\n`
}

function fillerFrame(id: number, dataBytes: number): { readonly before: string; readonly after: string } {
  // The id has a fixed width too: up to a million objects.
  const name = String(id).padStart(7, '0')
  return { before: `${name} 0 obj\n<< /Length ${pad10(dataBytes)} >>\nstream\n`, after: '\nendstream\nendobj\n' }
}

/** How to use up `bytes`: filler objects, and blanks in the page's content for what is too little for one. */
function planFiller(bytes: number): { readonly dataBytes: readonly number[]; readonly blanks: number } {
  const { before, after } = fillerFrame(1, 0)
  const overhead = before.length + after.length + xrefEntryBytes
  const dataBytes: number[] = []
  let left = Math.max(0, bytes)
  while (left > overhead) {
    const data = Math.min(fillerBytes, left - overhead)
    dataBytes.push(data)
    left -= data + overhead
  }
  return { dataBytes, blanks: left }
}

function sizeOf(objects: readonly string[], fillers: number): number {
  const body = objects.reduce((sum, object) => sum + object.length, head.length)
  return body + trailer(new Array<number>(objects.length + fillers).fill(0), objects.length, 0).length
}

function trailer(offsets: readonly number[], objectCount: number, xrefOffset: number): string {
  const rows = offsets.map((offset) => `${pad10(offset)} 00000 n \n`).join('')
  const size = String(objectCount + 1).padStart(7, '0')
  return (
    `xref\n0 ${size}\n0000000000 65535 f \n${rows}` +
    `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pad10(xrefOffset)}\n%%EOF\n`
  )
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/** Marsaglia's xorshift32: cheap, repeatable, and noise to DEFLATE. */
function randomBytes(seed: number): (length: number) => Uint8Array {
  let state = seed | 0 || 0x9e3779b9
  return (length) => {
    const words = new Uint32Array(Math.ceil(length / 4))
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[i] = state
    }
    return new Uint8Array(words.buffer, 0, length)
  }
}
