import { readFileSync } from 'node:fs'

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url))
}

/** A fixture without the line breaks that make it readable: the bytes a producer would send. */
export function compactFixture(name: string): string {
  const text = fixture(name)
    .toString('utf8')
    .replace(/>\n\s*</g, '><')
  return text.replace('?><', '?>\n<')
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A small document with `inside` in its MessageHeader; everything else in order. */
export function packetWith(
  inside: string,
  options: { readonly prolog?: string; readonly beside?: string } = {},
): Buffer {
  const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
  return Buffer.from(
    `${options.prolog ?? ''}<edXML xmlns="${namespace}">${options.beside ?? ''}<edXMLEnvelope><edXMLHeader><MessageHeader>` +
      `<From><OrganId>H29</OrganId></From><To><OrganId>H26</OrganId></To><DocumentId>d</DocumentId>${inside}` +
      '</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>',
  )
}
