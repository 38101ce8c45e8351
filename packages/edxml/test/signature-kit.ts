/** Keys, packets, and signatures that a well-behaved library would not make. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult, sign } from 'node:crypto'
import { RelayError } from '@lienthong/core'
import { samplePacket, type VerifyOptions, verifySignature, writeStatus } from '../src/index.ts'
import { canonicalize } from '../src/signature/canonical.ts'
import { findSignatures } from '../src/signature/gate.ts'
import type { Canonicalization } from '../src/signature/names.ts'
import { rulesOf } from '../src/signature/rules.ts'
import { readStrictXml } from '../src/signature/strict-xml.ts'
import { collect } from './fixture.ts'

export const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
export const ds = 'http://www.w3.org/2000/09/xmldsig#'

export const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const ecKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

export function pemOf({ publicKey }: KeyPairKeyObjectResult): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** Like the Java builder's, with two attachments, in a few lines. */
export function letter(organId = 'H29.18.05'): string {
  const attachment = (id: number, data: string): string =>
    `<Attachment><ContentId>cid:${id}</ContentId><AttachmentName>${id}.pdf</AttachmentName>` +
    `<edXML:ContentTransferEncoded xmlns:edXML="${namespace}">${data}</edXML:ContentTransferEncoded></Attachment>`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${namespace}"><edXML:edXMLEnvelope xmlns:edXML="${namespace}">` +
    `<edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>${organId}</edXML:OrganId></edXML:From>` +
    '<edXML:To><edXML:OrganId>H26.10</edXML:OrganId></edXML:To><edXML:DocumentId>d-1</edXML:DocumentId>' +
    '<edXML:Subject>Về việc &lt;họp&gt; &amp; &quot;báo cáo&quot;</edXML:Subject></edXML:MessageHeader></edXML:edXMLHeader>' +
    '<edXML:edXMLBody><edXML:edXMLManifest version="1.0"/></edXML:edXMLBody></edXML:edXMLEnvelope>' +
    `<AttachmentEncoded>${attachment(1, 'UEsDBBQACAgI')}${attachment(2, 'JVBERi0xLjQK')}</AttachmentEncoded></edXML>\n`
  )
}

/** Honest packets in the manners of several builders. */
export async function packetOf(seed: number): Promise<Uint8Array> {
  const from = { organId: `H29.${seed}`, organName: `Uỷ ban nhân dân xã số ${seed} & “bạn”` }
  const subject = ['V/v họp <khẩn>', 'Báo cáo "quý"', 'Thông báo\ttuyển dụng', '𠀋 chữ Nôm'][seed % 4] ?? ''
  switch (seed % 3) {
    case 0: {
      const request = { from, to: [{ organId: 'H26.10', organName: 'Phường' }], number: `${seed}/UBND`, subject }
      return collect(samplePacket({ ...request, attachmentBytes: 900 + seed }))
    }
    case 1: {
      const responseFor = {
        organId: 'H26.10',
        code: `${seed}/UBND`,
        documentId: `d-${seed}`,
        promulgationDate: '2025/07/01',
      }
      const statusCode = (seed % 6) + 1
      return writeStatus({ from, responseFor: [responseFor], statusCode, description: subject, sentAt: seed })
    }
    default:
      return Buffer.from(
        `\uFEFF<edXML:edXML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:edXML='${namespace}'>\r\n` +
          `  <edXML:edXMLEnvelope>\r\n    <edXML:edXMLHeader>\r\n      <edXML:DigitalSignature />\r\n      <edXML:MessageHeader>\r\n` +
          `        <edXML:From><edXML:OrganId>${from.organId}</edXML:OrganId></edXML:From>\r\n        <edXML:DocumentId>d-${seed}</edXML:DocumentId>\r\n` +
          `        <edXML:Subject xsi:type="xsd:string" b="&#9;x&#10;" a='${seed} > "1"'>${subject.replace('<', '&lt;')}&#13;</edXML:Subject>\r\n` +
          '      </edXML:MessageHeader>\r\n    </edXML:edXMLHeader>\r\n  </edXML:edXMLEnvelope>\r\n</edXML:edXML>\r\n',
      )
  }
}

export interface Making {
  readonly keys?: KeyPairKeyObjectResult
  /** Rewrites SignedInfo before it is signed. */
  readonly signedInfo?: (text: string) => string
  readonly contentMethod?: Canonicalization
  /** Signs this text instead of the packet: an Id's element. */
  readonly content?: string
  /** @default the key's own signature, with SHA-256 */
  readonly sign?: (signedInfo: Buffer, key: KeyObject) => Buffer
  readonly keyInfo?: string
}

const marker = `<ds:Signature xmlns:ds="${ds}"/>`

/** A valid signature in the making of someone who holds the key, put where `{signature}` stands in the packet. */
export function signed(packetWithMark: string, making: Making = {}): string {
  const { keys = rsaKeys, contentMethod = 'exc-c14n', keyInfo = '' } = making
  const method = keys.privateKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256'
  const octets = making.content ?? canonicalContent(packetWithMark.replace('{signature}', marker), contentMethod)
  const digest = createHash('sha256').update(octets).digest('base64')
  const plain =
    `<ds:SignedInfo xmlns:ds="${ds}"><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#${method}"></ds:SignatureMethod><ds:Reference URI=""><ds:Transforms>` +
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>' +
    '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>' +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>' +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const signedInfo = making.signedInfo?.(plain) ?? plain
  const value = (making.sign ?? signWith)(Buffer.from(signedInfo), keys.privateKey).toString('base64')
  return packetWithMark.replace(
    '{signature}',
    () =>
      `<ds:Signature xmlns:ds="${ds}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`,
  )
}

/** `{signature}` in its place in the letter. */
export function marked(packet = letter()): string {
  return packet.replace('</edXML:edXMLHeader>', '{signature}</edXML:edXMLHeader>')
}

export function canonicalContent(text: string, method: Canonicalization): string {
  const { nodes } = readStrictXml(Buffer.from(text), rulesOf('edxml'))
  const [signature] = findSignatures(nodes)
  const of = { open: 0, close: nodes.length - 1 }
  return canonicalize(nodes, { method, of, ...(signature === undefined ? {} : { without: signature.range }) })
}

function signWith(data: Buffer, key: KeyObject): Buffer {
  return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
}

/** The refusal of a packet, or null when it verifies. Anything but a RelayError fails the test. */
export async function refusalOf(
  packet: string | Uint8Array,
  options: Partial<VerifyOptions> = {},
): Promise<RelayError | null> {
  const bytes = typeof packet === 'string' ? Buffer.from(packet) : packet
  try {
    await verifySignature(bytes, { profile: 'edxml', trusted: pemOf(rsaKeys), ...options })
    return null
  } catch (error) {
    assert.ok(error instanceof RelayError, `not a RelayError: ${String(error)}`)
    return error
  }
}
