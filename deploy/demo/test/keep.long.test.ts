import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { DemoFile } from '@lienthong/demo'
import { runProcess, startProcess, temporaryFolder, waitFor } from '@lienthong/test/kit'

const program = fileURLToPath(new URL('../../../../packages/cli/dist/src/main.js', import.meta.url))
const showDeadlineMs = 120_000

describe('demonstration that is kept running', () => {
  const folder = temporaryFolder({ after })

  it('says where everything is, answers the program, and ends with its data on Ctrl-C', async (context) => {
    const demo = await startProcess({
      args: [program, 'demo', '--keep', '--lang', 'en'],
      env: { TMPDIR: folder },
      teardown: context,
    })
    const file = await waitFor(
      () => {
        assert.ok(demo.alive, demo.stdout + demo.stderr)
        return /Ctrl-C ends it/.test(demo.stdout) && /\S+demo\.json/.exec(demo.stdout)?.[0]
      },
      { what: 'the show to be over', deadlineMs: showDeadlineMs },
    )
    const mode = statSync(file).mode & 0o777
    const { nodes, systems } = JSON.parse(readFileSync(file, 'utf8')) as DemoFile
    const commune = nodes.find(({ id }) => id === 'H26.10')
    const listed = await runProcess({
      args: [program, 'mailbox', 'list', '--all', '--as', 'H26.10', '--config', commune?.config ?? '', '-o', 'json'],
    })
    demo.kill('SIGINT')
    const { exitCode } = await demo.finished

    assert.match(demo.stdout, /delivered 13\/13, lost 0, duplicated 0/)
    assert.equal(mode, 0o600)
    assert.equal(nodes.length, 7)
    assert.deepEqual(systems.map(({ organisation }) => organisation).sort(), nodes.map(({ id }) => id).sort())
    assert.deepEqual([commune?.tier, commune?.parent, commune?.vxp, commune?.rest], ['commune', 'H26', null, null])
    assert.equal(listed.exitCode, 0, listed.stderr)
    assert.equal((JSON.parse(listed.stdout) as { items: unknown[] }).items.length, 5)
    assert.equal(exitCode, 130)
    assert.deepEqual(readdirSync(folder), [])
  })
})
