/** Notices of arrivals, heard by the sample of the page about them: Python with Debian's python3-pika. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { names } from '@lienthong/link'
import type { TreeNode } from '../kit/federation.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, runProcess, startProcess, temporaryFolder, waitFor } from '../kit/index.ts'

const python = '/usr/bin/python3'
const { exitCode } = await runProcess({ command: python, args: ['-c', 'import pika'] }).catch(() => ({ exitCode: 1 }))
const skip = !canStartBroker()
  ? 'needs a RabbitMQ that it can start'
  : exitCode !== 0 && 'needs the package python3-pika: apt-get install --no-install-recommends python3-pika'

const page = readFileSync(
  fileURLToPath(new URL('../../docs/notices.md', import.meta.resolve('@lienthong/gateway'))),
  'utf8',
)
const [, sample = ''] = /```python\n([^]*?)```/.exec(page) ?? []

const sender = 'H29'
const [first, second, third] = ['H29.1', 'H29.2', 'H29.3'] as const
const tree: readonly TreeNode[] = [
  {
    id: sender,
    tier: 'province',
    parent: null,
    name: 'Tỉnh thứ nhất',
    organisations: [first, second, third].map((id) => ({ id, name: `Sở ${id}` })),
  },
]
const subject = 'Về việc báo tin'
const deadlineMs = 60_000

describe('notices over AMQP', { skip, timeout: 200_000 }, () => {
  let fed: LiveFederation
  let file = ''
  const teardown = lastFirst({ after })
  before(async () => {
    file = join(temporaryFolder(teardown), 'sample.py')
    writeFileSync(file, sample)
    fed = await startFederation(teardown, { tree })
  })

  it('tell each system what arrived for its organisation, and nothing of another’s', async () => {
    const [atFirst, atSecond] = [await startSample(first), await startSample(second)]
    await submit('1/UBND-VP', [first, second])
    await submit('2/UBND-VP', [second])
    // What was for the other lies between these two: had it been told here too, it would have been before the last.
    await submit('3/UBND-VP', [first])

    const lines = (text: string) => text.trimEnd().split('\n')
    const written = async (organ: OrganId) =>
      (await fed.node(sender).mailbox.list(organ)).map(
        ({ id, headline }) => `${organ} ${id} ${sender} ${headline.number} ${subject}`,
      )
    for (const [process, organ] of [
      [atFirst, first],
      [atSecond, second],
    ] as const) {
      await waitFor(
        () => {
          if (!process.alive) throw new Error(`the sample ended: ${process.stderr}`)
          return process.stdout !== '' && lines(process.stdout).length >= 2
        },
        { what: `both notices of ${organ}`, deadlineMs },
      )
      assert.deepEqual(lines(process.stdout), await written(organ))
    }
    assert.match(atFirst.stdout, /1\/UBND-VP.*\n.*3\/UBND-VP/)
    assert.match(atSecond.stdout, /1\/UBND-VP.*\n.*2\/UBND-VP/)
  })

  it('are refused by the broker to whoever reads a queue that is another’s', async () => {
    const queue = 'f"lt.notify.{system}"'
    assert.ok(sample.includes(queue))
    const spy = `${file}.spy.py`
    writeFileSync(spy, sample.replace(queue, `"${names.notices(`dms.${second}`)}"`))

    const {
      exitCode: code,
      stdout,
      stderr,
    } = await runProcess({
      command: python,
      args: [spy],
      env: environmentOf(first),
      teardown,
    })

    assert.notEqual(code, 0)
    assert.match(stderr, /403.*ACCESS_REFUSED/)
    assert.equal(stdout, '')
  })

  it('have the members that the page lists', async () => {
    await submit('4/UBND-VP', [third])
    const channel = await rawChannel(fed.plan.node(sender).config.broker.address, teardown)
    const message = await waitFor(() => channel.get(names.notices(`dms.${third}`), { noAck: true }), {
      what: 'a notice',
      deadlineMs,
    })
    const notice = JSON.parse(message.content.toString('utf8')) as Record<string, unknown>
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, member = '']) => member)
    assert.deepEqual(Object.keys(notice).sort(), listed.sort())
    assert.equal(notice['kind'], 'document')
  })

  function startSample(organ: OrganId) {
    return startProcess({ command: python, args: [file], env: environmentOf(organ), teardown })
  }

  function environmentOf(organ: OrganId): Record<string, string> {
    const { config } = fed.plan.node(sender)
    const { url, vhost } = config.broker.address
    const system = config.systems.find(({ id }) => id === `dms.${organ}`)
    return {
      PYTHONIOENCODING: 'utf-8',
      LIENTHONG_AMQP_URL: `${url}/${encodeURIComponent(vhost)}`,
      LIENTHONG_AMQP_SYSTEM: system?.id ?? '',
      LIENTHONG_AMQP_SECRET: system?.secret ?? '',
    }
  }

  async function submit(number: string, to: readonly OrganId[]): Promise<void> {
    const named = (organId: OrganId) => ({ organId, organName: organId })
    const chunks: Uint8Array[] = []
    for await (const chunk of samplePacket({ from: named(sender), to: to.map(named), number, subject })) {
      chunks.push(chunk)
    }
    await fed.node(sender).submit({ as: sender, body: Buffer.concat(chunks) })
  }
})
