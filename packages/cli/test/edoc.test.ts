/** A clerk looks into packets: the commands `edoc`, on files as they come. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { samplePacket } from '@lienthong/edxml'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram, runProgram } from './support/run-program.ts'

const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n')

const description = `
from: { organId: H29.18.05, organName: Uỷ ban nhân dân xã }
to:
  - { organId: H26.10, organName: Uỷ ban nhân dân phường }
documentId: 'H29.18.05,2025/07/01,123/UBND-VP'
code: { number: '123', notation: UBND-VP }
place: Hà Nội
promulgationDate: 2025/07/01
documentType: { type: 1, typeName: Công văn }
subject: Về việc <thử> & kiểm tra
signer: { competence: KT. CHỦ TỊCH, position: PHÓ CHỦ TỊCH, fullName: Người ký thử }
priority: 2
attachments:
  - { file: tep/cong-van.pdf, name: Công văn 123.pdf }
`

interface Shown {
  readonly kind: string
  readonly from: { readonly organId: string }
  readonly to: readonly { readonly organId: string }[]
  readonly documentId: string
  readonly code: string
  readonly subject: string
  readonly businessType: number
  readonly statusCode: number | null
  readonly responseFor: readonly { readonly documentId: string }[]
  readonly attachments: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly sha256: string
  }[]
  readonly warnings: readonly { readonly code: string; readonly text: string }[]
}

/** A folder with a description and its file; the packet is built there by the program. */
async function built(t: TestContext, text = description, more: readonly string[] = []): Promise<string> {
  const dir = temporaryFolder(t)
  mkdirSync(join(dir, 'tep'))
  writeFileSync(join(dir, 'tep/cong-van.pdf'), pdf)
  writeFileSync(join(dir, 'mo-ta.yaml'), text)
  const ended = await callProgram(['edoc', 'build', 'mo-ta.yaml', '--out', 'van-ban.edxml', ...more], { cwd: dir })
  assert.equal(ended.exit, 0, ended.stderr)
  return dir
}

async function show(dir: string, file = 'van-ban.edxml'): Promise<Shown> {
  const ended = await callProgram(['edoc', 'show', file, '-o', 'json'], { cwd: dir })
  assert.equal(ended.exit, 0, ended.stderr)
  return JSON.parse(ended.stdout) as Shown
}

describe('edoc', () => {
  it('takes a day as people write it, and says how when it cannot read one', async (t) => {
    const dir = await built(t, description.replace('2025/07/01\n', '2025-07-01\n'))
    assert.match(readFileSync(join(dir, 'van-ban.edxml'), 'utf8'), /PromulgationDate>2025\/07\/01</)
    writeFileSync(join(dir, 'mo-ta.yaml'), description.replace('2025/07/01\n', '01/07/2025\n'))
    const refused = await callProgram(['edoc', 'build', 'mo-ta.yaml', '--out', 'x.edxml'], { cwd: dir })
    assert.equal(refused.exit, 6)
    assert.match(refused.stderr, /promulgationDate.*such as 2025-06-30/)
  })

  it('builds a packet that shows what was described, and breaks no rule', async (t) => {
    const dir = await built(t)

    const shown = await show(dir)
    assert.equal(shown.kind, 'document')
    assert.equal(shown.from.organId, 'H29.18.05')
    assert.deepEqual(
      shown.to.map(({ organId }) => organId),
      ['H26.10'],
    )
    assert.equal(shown.documentId, 'H29.18.05,2025/07/01,123/UBND-VP')
    assert.equal(shown.code, '123/UBND-VP')
    assert.equal(shown.subject, 'Về việc <thử> & kiểm tra')
    assert.equal(shown.businessType, 0)
    assert.equal(shown.statusCode, null)
    const sha256 = createHash('sha256').update(pdf).digest('hex')
    assert.deepEqual(shown.attachments, [
      { name: 'Công văn 123.pdf', type: 'application/pdf', size: pdf.length, sha256 },
    ])
    assert.deepEqual(shown.warnings, [])

    const sound = await callProgram(['edoc', 'validate', 'van-ban.edxml'], { cwd: dir })
    assert.deepEqual([sound.exit, sound.stdout], [0, 'The packet keeps to the regulation.\n'])
    const text = await callProgram(['edoc', 'show', 'van-ban.edxml', '--lang', 'vi'], { cwd: dir })
    assert.match(text.stdout, /Trích yếu:\s+Về việc <thử> & kiểm tra/)
    assert.match(text.stdout, /Độ khẩn:\s+thượng khẩn/)
    assert.match(text.stdout, /Công văn 123\.pdf\s+application\/pdf/)
  })

  it('builds and shows a status', async (t) => {
    const dir = await built(
      t,
      `kind: status
from: { organId: H26.10, organName: Uỷ ban nhân dân phường }
responseFor: [{ organId: H29.18.05, code: 123/UBND-VP, documentId: 'H29.18.05,2025/07/01,123/UBND-VP', promulgationDate: 2025/07/01 }]
statusCode: 2
description: Gửi nhầm nơi nhận
`,
    )

    const shown = await show(dir)
    assert.deepEqual([shown.kind, shown.statusCode], ['status', 2])
    assert.equal(shown.responseFor[0]?.documentId, 'H29.18.05,2025/07/01,123/UBND-VP')
    const text = await callProgram(['edoc', 'show', 'van-ban.edxml'], { cwd: dir })
    assert.match(text.stdout, /status: 02, refused/)
    assert.equal((await callProgram(['edoc', 'validate', 'van-ban.edxml'], { cwd: dir })).exit, 0)
  })

  it('takes the file out as it was, under a name that stays in the folder', async (t) => {
    const dir = await built(t)
    const packet = readFileSync(join(dir, 'van-ban.edxml'), 'utf8')
    writeFileSync(join(dir, 'van-ban.edxml'), packet.replaceAll('Công văn 123.pdf', '../../thoát\u202e.pdf'))

    const ended = await callProgram(['edoc', 'extract', 'van-ban.edxml', '--dir', 'ra', '-o', 'json'], { cwd: dir })
    assert.equal(ended.exit, 0, ended.stderr)
    const [name = ''] = readdirSync(join(dir, 'ra'))
    assert.doesNotMatch(name, /[/\u202e]|^\./)
    assert.ok(readFileSync(join(dir, 'ra', name)).equals(pdf))
    assert.deepEqual(readdirSync(dir).sort(), ['mo-ta.yaml', 'ra', 'tep', 'van-ban.edxml'])

    const again = await callProgram(['edoc', 'extract', 'van-ban.edxml', '--dir', 'ra'], { cwd: dir })
    assert.match(again.stderr, /\[FILE_UNWRITABLE\]/)
    assert.equal(
      (await callProgram(['edoc', 'extract', 'van-ban.edxml', '--dir', 'ra', '--force'], { cwd: dir })).exit,
      0,
    )
  })

  it('keeps files of one name apart', async (t) => {
    const two = `${description}  - { file: tep/cong-van.pdf, name: công VĂN 123.PDF }\n`
    const dir = await built(t, two)
    assert.equal((await callProgram(['edoc', 'extract', 'van-ban.edxml', '--dir', 'ra'], { cwd: dir })).exit, 0)
    assert.equal(readdirSync(join(dir, 'ra')).length, 2)
  })

  it('says what is wrong with a packet, in both languages, and ends with 3', async (t) => {
    const dir = await built(t)
    const bad = readFileSync(join(dir, 'van-ban.edxml'), 'utf8')
      .replace(/<edXML:SignerInfo>.*<\/edXML:SignerInfo>/s, '')
      .replace('>2025/07/01</edXML:PromulgationDate>', '>2025/02/30</edXML:PromulgationDate>')
    writeFileSync(join(dir, 'bad.edxml'), bad)

    const english = await callProgram(['edoc', 'validate', 'bad.edxml', '-o', 'json'], { cwd: dir })
    assert.equal(english.exit, 3)
    const { valid, findings } = JSON.parse(english.stdout) as {
      valid: boolean
      findings: { level: string; code: string; text: string }[]
    }
    assert.equal(valid, false)
    assert.deepEqual(
      findings.map(({ level, code }) => [level, code]),
      [
        ['error', 'SIGNER_MISSING'],
        ['warning', 'FIELD_NOT_DATE'],
      ],
    )
    const vietnamese = await callProgram(['edoc', 'validate', 'bad.edxml', '--lang', 'vi'], { cwd: dir })
    assert.equal(vietnamese.exit, 3)
    assert.match(vietnamese.stdout, /SIGNER_MISSING\s+\S.*người ký/i)
    assert.match(vietnamese.stdout, /1 lỗi, 1 cảnh báo/)
  })

  it('verifies only what was signed with the key given', async (t) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    const dir = await built(t)
    const pem = (name: string, text: string | Buffer) => writeFileSync(join(dir, name), text)
    pem('rieng.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }))
    pem('cong.pem', publicKey.export({ type: 'spki', format: 'pem' }))
    pem('khac.pem', other.export({ type: 'spki', format: 'pem' }))
    const verify = async (file: string, key: string) => {
      const ended = await callProgram(['edoc', 'verify', file, '--key', key, '-o', 'json'], { cwd: dir })
      const { verified, code, text } = JSON.parse(ended.stdout) as Record<string, unknown>
      assert.equal(typeof text, 'string')
      return [ended.exit, verified, code]
    }

    assert.deepEqual(await verify('van-ban.edxml', 'cong.pem'), [3, false, 'SIGNATURE_MISSING'])
    const signing = ['edoc', 'build', 'mo-ta.yaml', '--out', 'ky.edxml', '--sign', 'rieng.pem']
    assert.equal((await callProgram(signing, { cwd: dir })).exit, 0)
    assert.deepEqual(await verify('ky.edxml', 'cong.pem'), [0, true, 'VERIFIED'])
    assert.equal((await verify('ky.edxml', 'khac.pem'))[0], 3)
    pem('sua.edxml', readFileSync(join(dir, 'ky.edxml'), 'utf8').replace('123/UBND-VP', '124/UBND-VP'))
    assert.deepEqual((await verify('sua.edxml', 'cong.pem')).slice(0, 2), [3, false])
    assert.equal((await callProgram(['edoc', 'validate', 'ky.edxml'], { cwd: dir })).exit, 0)
  })

  it('refuses what is no packet with the reason in words, and reads standard input', async (t) => {
    const dir = temporaryFolder(t)
    writeFileSync(join(dir, 'x'), '<!DOCTYPE x><edXML/>')
    const ended = await callProgram(['edoc', 'show', 'x', '--lang', 'vi'], { cwd: dir })
    assert.equal(ended.exit, 3)
    assert.match(ended.stderr, /DOCTYPE.*\[NOT_EDXML\]/)
    assert.match((await callProgram(['edoc', 'show', 'no'], { cwd: dir })).stderr, /\[FILE_UNREADABLE\]/)

    const chunks: Uint8Array[] = []
    const organization = { organId: 'H29', organName: 'Tỉnh' }
    for await (const chunk of samplePacket({ from: organization, to: [organization], number: '7', subject: 's' })) {
      chunks.push(chunk)
    }
    const piped = await runProgram(['edoc', 'show', '-', '-o', 'json'], {
      cwd: dir,
      input: Buffer.concat(chunks).toString(),
    })
    assert.equal((JSON.parse(piped.stdout) as Shown).code, '7/UBND-VP')
  })

  it('points at the place of a mistake in a description, and leaves no half packet', async (t) => {
    const dir = temporaryFolder(t)
    writeFileSync(join(dir, 'mo-ta.yaml'), description.replace('subject:', 'subjekt:'))
    const build = ['edoc', 'build', 'mo-ta.yaml', '--out', 'v.edxml']
    const wrong = await callProgram(build, { cwd: dir })
    assert.equal(wrong.exit, 6)
    assert.match(wrong.stderr, /mo-ta\.yaml:\d+:\d+ subjekt: .*subject/)
    writeFileSync(join(dir, 'mo-ta.yaml'), description)
    assert.match((await callProgram(build, { cwd: dir })).stderr, /cong-van\.pdf.*\[FILE_UNREADABLE\]/)
    assert.equal(existsSync(join(dir, 'v.edxml')), false)
  })
})
