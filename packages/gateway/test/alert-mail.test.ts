import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { headerOf, openMailSink, selfSigned, textOf } from '@lienthong/test/kit'
import { openMail } from '../src/alerts/mail.ts'
import { until } from './real-node.ts'

const letter = {
  id: 'a1',
  at: Date.UTC(2026, 0, 2),
  subject: 'Liên Thông H29: nghiêm trọng – đường nối với trung ương không mở đã lâu lắm rồi',
  text: 'Đường nối\nkhông mở\n',
  data: {},
}
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const cert = selfSigned({ keys, addresses: ['127.0.0.1'] })
const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const usual = {
  from: 'Nút H29 <h29@tinh.example>',
  to: ['truc@tinh.example', 'it@tinh.example'],
  login: null,
  ca: null,
}

describe('an alert by mail', () => {
  it('reaches everybody named, with a subject and text in any language, and says that a machine wrote it', async (t) => {
    const sink = await openMailSink(t)

    const attempt = await openMail({ ...usual, smtp: `smtp://127.0.0.1:${sink.port}` })(letter)

    assert.deepEqual(attempt, { told: true, refused: false, error: null })
    const [mail = assert.fail()] = sink.mails
    assert.deepEqual([mail.from, mail.to, mail.secure], ['h29@tinh.example', usual.to, false])
    assert.equal(headerOf(mail, 'subject'), letter.subject)
    assert.equal(textOf(mail).trim(), letter.text.trim())
    assert.equal(headerOf(mail, 'message-id'), '<a1@tinh.example>')
    assert.equal(headerOf(mail, 'auto-submitted'), 'auto-generated')
    assert.equal(headerOf(mail, 'date'), 'Fri, 02 Jan 2026 00:00:00 +0000')
  })

  for (const [scheme, secure] of [
    ['smtps', true],
    ['smtp', false],
  ] as const) {
    it(`goes by TLS over ${scheme}, signs in, and believes only the authority it was given`, async (t) => {
      const sink = await openMailSink(t, { secure, key, cert })
      const smtp = `${scheme}://127.0.0.1:${sink.port}`
      const login = { user: 'h29', password: 'letmein' }

      const taken = await openMail({ ...usual, smtp, login, ca: cert })(letter)
      const other = selfSigned({ keys: generateKeyPairSync('ec', { namedCurve: 'P-256' }) })
      const unknown = await openMail({ ...usual, smtp, login, ca: other })(letter)
      const wrong = await openMail({ ...usual, smtp, ca: cert, login: { ...login, password: 'x' } })(letter)

      assert.deepEqual(taken, { told: true, refused: false, error: null })
      assert.deepEqual(
        sink.mails.map(({ secure: encrypted, user }) => [encrypted, user]),
        [[true, 'h29']],
      )
      assert.deepEqual([unknown.told, unknown.refused, wrong.told, wrong.refused], [false, false, false, false])
      assert.match(unknown.error ?? '', /certificate|self.signed/i)
      assert.match(wrong.error ?? '', /login/i)
    })
  }

  it('is not told in the clear to a server that has no TLS, when TLS was asked for', async (t) => {
    const sink = await openMailSink(t)

    const attempt = await openMail({ ...usual, ca: cert, smtp: `smtp://127.0.0.1:${sink.port}` })(letter)

    assert.deepEqual([attempt.told, sink.mails], [false, []])
    assert.match(attempt.error ?? '', /TLS/i)
  })

  it('knows what is refused for good from what may be taken later', async (t) => {
    const sink = await openMailSink(t)
    const tell = openMail({ ...usual, smtp: `smtp://127.0.0.1:${sink.port}` })
    const answers = []
    for (const code of [451, 554]) {
      sink.refuse = () => ({ code, text: 'not now' })
      answers.push(await tell(letter))
    }
    assert.deepEqual(
      answers.map(({ told, refused }) => [told, refused]),
      [
        [false, false],
        [false, true],
      ],
    )
    assert.match(answers[0]?.error ?? '', /451/)
  })

  it('says who was refused when others were reached', async (t) => {
    const sink = await openMailSink(t, {
      onRcptTo: ({ address }, _session, done) => {
        done(address.startsWith('it@') ? Object.assign(new Error('nobody'), { responseCode: 550 }) : null)
      },
    })
    const attempt = await openMail({ ...usual, smtp: `smtp://127.0.0.1:${sink.port}` })(letter)
    assert.deepEqual(attempt, { told: true, refused: false, error: 'refused for it@tinh.example' })
  })

  it('waits so long for a server that says nothing, or is cut off, and leaves no connection behind', async (t) => {
    const open = new Set<unknown>()
    const server = createServer((socket) => {
      open.add(socket)
      socket.on('error', () => undefined).once('close', () => open.delete(socket))
      socket.resume()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const smtp = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`

    const begun = performance.now()
    const late = await openMail({ ...usual, smtp, timeoutMs: 300 })(letter)
    const cut = new AbortController()
    const broken = openMail({ ...usual, smtp })(letter, cut.signal)
    cut.abort()

    assert.equal(late.told, false)
    assert.match(late.error ?? '', /no end within 0.3 s/)
    assert.equal((await broken).told, false)
    // Waiting for a greeting alone would end each only after twenty.
    assert.ok(performance.now() - begun < 18_000)
    await until(() => open.size === 0)
  })

  it('says that nobody is there', async () => {
    const attempt = await openMail({ ...usual, smtp: 'smtp://127.0.0.1:1' })(letter)
    assert.deepEqual([attempt.told, attempt.refused], [false, false])
    assert.match(attempt.error ?? '', /ECONNREFUSED/)
  })
})
