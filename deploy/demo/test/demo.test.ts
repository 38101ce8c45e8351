import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runDemo } from '@lienthong/demo'
import { startProcess, temporaryFolder, waitFor } from '@lienthong/test/kit'

const program = fileURLToPath(new URL('../../../../packages/cli/dist/src/main.js', import.meta.url))
const lyingClient = fileURLToPath(new URL('fixtures/lying-client.js', import.meta.url))

describe('demonstration', () => {
  // Everything the demonstration makes lies in here, so whatever is left is found.
  const folder = temporaryFolder({ after })
  const usualFolder = process.env['TMPDIR']

  before(() => {
    process.env['TMPDIR'] = folder
  })

  after(() => {
    if (usualFolder === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usualFolder
  })

  it('does what it says, counts everything, and leaves nothing behind', async () => {
    const page = new Page()

    const exitCode = await runDemo({ ...defaults, lang: 'en', output: page })

    assert.equal(exitCode, 0, page.text)
    assert.equal(page.lines.at(-1), 'delivered 13/13, lost 0, duplicated 0')
    assert.doesNotMatch(page.text, /✗|FAILED/)
    assertNothingLeft(folder)
  })

  it('fails when a receiving client has read other bytes than were sent', async () => {
    const page = new Page()

    const exitCode = await runDemo({ ...defaults, lang: 'en', output: page, receivingClient: lyingClient })

    assert.equal(exitCode, 1, page.text)
    assert.match(page.text, /FAILED: H26 has read other bytes of 25\/VPCP-KSTT than were sent/)
    assert.equal(page.lines.at(-1), 'delivered 6/7, lost 1, duplicated 0')
    assertNothingLeft(folder)
  })

  it('ends at once on Ctrl-C, with everything it has started', async (context) => {
    const demo = await startProcess({
      args: [program, 'demo', '--lang', 'vi'],
      env: { TMPDIR: folder },
      teardown: context,
    })
    await waitFor(() => readdirSync(folder).some((name) => name.startsWith('lienthong-broker-')), {
      what: 'a broker to be starting',
    })

    demo.kill('SIGINT')
    const { exitCode } = await demo.finished

    assert.equal(exitCode, 130, demo.stdout)
    assertNothingLeft(folder)
  })
})

const defaults = { brokers: 'one', keep: false, cliPath: program } as const

/** What the audience sees. */
class Page extends Writable {
  text = ''

  get lines(): readonly string[] {
    return this.text.trimEnd().split('\n')
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

/** No file in the folder, and no process but this one that has to do with it. */
function assertNothingLeft(folder: string): void {
  assert.deepEqual(readdirSync(folder), [])
  const left = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((id) => ['cmdline', 'environ'].some((file) => read(`/proc/${id}/${file}`).includes(folder)))
  assert.deepEqual(left, [])
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return ''
  }
}
