/**
 * Document software at the demonstration left running: everything the pages "Connect by …" and the demonstration's own
 * last lines say, copied into a shell, and a client in another language, between communes of two provinces.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { canStartBroker, lastFirst, runProcess, waitFor } from '../kit/index.ts'
import { type KeptDemo, keepDemo, program, python, root } from './kept-demo.ts'

const sender = 'H29.18.05'
const recipient = 'H26.10'
/** Commune, district, province, centre, the other province and its commune: all four tiers. */
const way = [sender, 'H29.18', 'H29', 'G22', 'H26', recipient]

const { exitCode: withoutPika } = await runProcess({ command: python, args: ['-c', 'import pika'] }).catch(() => ({
  exitCode: 1,
}))
const skipPika =
  withoutPika !== 0 && 'needs the package python3-pika: apt-get install --no-install-recommends python3-pika'
const skip = !canStartBroker() && 'needs a RabbitMQ that it can start'

const vxpClient = join(root, 'test/conformance/vxp/client.py')
const pages: readonly {
  readonly name: string
  readonly languages: readonly string[]
  readonly skip?: string | false
}[] = [
  { name: 'packages/gateway/docs/connect-vxp.md', languages: ['properties', 'sh'] },
  { name: 'packages/gateway/docs/connect-rest.md', languages: ['sh', 'sh'] },
  { name: 'packages/client/docs/connect-amqp.md', languages: ['python', 'sh'], skip: skipPika },
  { name: 'packages/client/docs/connect-typescript.md', languages: ['ts', 'sh', 'sh'] },
]

interface Block {
  readonly language: string
  readonly text: string
}

interface SentDocument {
  readonly uid: string
  readonly kind: 'document' | 'status'
  readonly settled: boolean
  readonly recipients: readonly {
    readonly organ: string
    readonly state: string
    readonly statusCode: number | null
    readonly path: readonly { readonly node: string }[]
  }[]
}

describe('document software at the kept demonstration', { skip, timeout: 350_000 }, () => {
  const teardown = lastFirst({ after })
  let demo: KeptDemo
  /** uids of what the show itself sent. */
  let earlier: ReadonlySet<string>
  before(async () => {
    demo = await keepDemo(teardown)
    earlier = new Set((await sentBy(sender)).map(({ uid }) => uid))
  })

  async function rest<Answer>(organ: string, path: string, method = 'GET'): Promise<Answer> {
    const { rest: url, system } = demo.node(organ)
    const answer = await fetch(url + path, { method, headers: { authorization: `Bearer ${system.apiKey}` } })
    assert.ok(answer.ok, `${path}: ${answer.status}`)
    return (await answer.json()) as Answer
  }

  async function sentBy(organ: string): Promise<readonly SentDocument[]> {
    return (await rest<{ documents: SentDocument[] }>(organ, '/documents?limit=100')).documents
  }

  /** As the software of both would: takes in all that is under way, so that what comes next finds empty mailboxes. */
  async function collectAll(): Promise<void> {
    for (const organ of [sender, recipient]) {
      await waitFor(async () => (await sentBy(organ)).every(({ settled }) => settled), {
        what: `all documents of ${organ} to arrive`,
        deadlineMs: 120_000,
      })
    }
    for (const organ of [sender, recipient]) {
      const { items } = await rest<{ items: { id: number }[] }>(organ, '/mailbox')
      for (const { id } of items) await rest(organ, `/mailbox/${id}/acknowledge`, 'POST')
    }
  }

  it('has shown everything, and says where everything is', async () => {
    assert.match(demo.process.stdout, /delivered 13\/13, lost 0, duplicated 0/)
    assert.equal(statSync(demo.file).mode & 0o777, 0o600)
    assert.deepEqual(leaves(demo.content), fieldsIn('deploy/demo/README.md'))
    const ids = demo.content.nodes.map(({ id }) => id)
    assert.equal(ids.length, 7)
    assert.deepEqual(
      demo.content.systems.map(({ organisation }) => organisation),
      ids,
    )
    const mailbox = [
      'mailbox',
      'list',
      '--all',
      '--as',
      recipient,
      '--config',
      demo.node(recipient).config,
      '-o',
      'json',
    ]
    const listed = await runProcess({ args: [program, ...mailbox] })
    assert.equal(listed.exitCode, 0, listed.stderr)
    assert.equal((JSON.parse(listed.stdout) as { items: unknown[] }).items.length, 5)
  })

  it('VXP in another language, by the printed properties: send, list, fetch, acknowledge, answer', async () => {
    const properties = propertiesIn(demo.linesBetween(/Properties of VNPT/, /REST:/))
    const { stdout: file } = await demo.shell('printf %s "$PACKET"')
    const documentId = /<edXML:DocumentId>([^<]+)</.exec(readFileSync(file, 'utf8'))?.[1]
    const { http, system } = demo.node(recipient)
    const task = {
      sender: {
        url: properties['service.endpoint'],
        systemid: properties['systemid'],
        secret: properties['secret'],
        organ: sender,
      },
      receiver: { url: http, systemid: system.id, secret: system.vxpSecret, organ: recipient },
      packet: file,
      documentId,
    }
    const ended = await runProcess({
      command: python,
      args: [vxpClient],
      input: JSON.stringify(task),
      deadlineMs: 200_000,
      teardown,
    })
    assert.equal(ended.exitCode, 0, ended.stderr)
    const report = JSON.parse(ended.stdout) as Record<string, unknown>
    assert.deepEqual(report['identical'], [true, true, true])
    assert.deepEqual(report['acknowledged'], ['OK', 'OK'])
    assert.equal(report['left'], 0)
    assert.equal(report['statuses'], 1)
    const document = await waitFor(
      async () => (await sentBy(sender)).find(({ uid, recipients: [to] }) => !earlier.has(uid) && to?.statusCode === 3),
      { what: 'the status beside its document', deadlineMs: 60_000 },
    )
    assert.deepEqual(
      document.recipients.map(({ path }) => path.map(({ node }) => node)),
      [way],
    )
  })

  it('the printed calls of REST, one after the other', async () => {
    await demo.shell(demo.linesBetween(/REST: .* submits/, /After this line/).join('\n'))
  })

  for (const { name, languages, skip: skipPage = false } of pages) {
    it(`every block of ${name}`, { skip: skipPage }, async () => {
      const blocks = blocksIn(name)
      assert.deepEqual(
        blocks.map(({ language }) => language),
        languages,
      )
      for (const { language, text } of blocks) {
        await collectAll()
        if (language === 'sh') await demo.shell(text)
        else if (language === 'properties') assert.deepEqual(namesIn(text), namesIn(printedProperties(demo)))
        else writeFileSync(join(demo.workingDir, fileNameIn(text)), text)
      }
    })
  }

  it('in the end every document of theirs is collected, over all four tiers', async () => {
    await collectAll()
    const documents = await waitFor(
      async () => {
        const sent = (await sentBy(sender)).filter(({ uid, kind }) => kind === 'document' && !earlier.has(uid))
        return sent.every(({ recipients }) => recipients.every(({ state }) => state === 'collected')) && sent
      },
      { what: 'the last receipts', deadlineMs: 60_000 },
    )
    // The client, the printed calls, VXP, REST twice, AMQP, and TypeScript twice.
    assert.equal(documents.length, skipPika === false ? 8 : 7)
    for (const { recipients } of documents) {
      assert.deepEqual(
        recipients.map(({ organ, path }) => [organ, ...path.map(({ node }) => node)]),
        [[recipient, ...way]],
      )
    }
  })

  it('ends with its data on Ctrl-C', async () => {
    demo.process.kill('SIGINT')
    const { exitCode } = await demo.process.finished

    assert.equal(exitCode, 130)
    assert.deepEqual(readdirSync(demo.folder), [])
  })
})

function blocksIn(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }))
}

/** Its first line says it. */
function fileNameIn(text: string): string {
  return /^(?:#|\/\/) ([\w-]+\.\w+)\n/.exec(text)?.[1] ?? assert.fail(text)
}

function printedProperties(demo: KeptDemo): string {
  return demo.linesBetween(/Properties of VNPT/, /REST:/).join('\n')
}

function propertiesIn(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function namesIn(properties: string): readonly string[] {
  return Object.keys(propertiesIn(properties.trim().split('\n')))
}

/** First cells of the table of fields. */
function fieldsIn(readme: string): readonly string[] {
  return [...readFileSync(join(root, readme), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, field = '']) => field)
}

/** Paths of all leaves, each once; `[]` after a list. */
function leaves(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path]
  if (Array.isArray(value)) return [...new Set(value.flatMap((each: unknown) => leaves(each, `${path}[]`)))]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}
