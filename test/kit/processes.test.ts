import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freePorts, runProcess, startProcess, temporaryFolder, waitFor } from './index.ts'

describe('processes', () => {
  it('runs a program with its input and tells how it ended', async () => {
    const script = `process.stdin.pipe(process.stdout); console.error(Object.keys(process.env).sort().join()); process.exitCode = 3`

    const result = await runProcess({ args: ['-e', script], input: 'xin chào', env: { A: '1' } })

    assert.deepEqual([result.exitCode, result.signal, result.stdout], [3, null, 'xin chào'])
    assert.match(result.stderr, /^A,/)
    assert.doesNotMatch(result.stderr, /HOME/)
  })

  it('kills what runs past the deadline', async () => {
    await assert.rejects(runProcess({ args: ['-e', 'setInterval(() => {}, 1000)'], deadlineMs: 300 }), /in vain for -e/)
  })

  it('rejects when the program is not there', async () => {
    await assert.rejects(startProcess({ command: '/no/such/program', args: [] }), { code: 'ENOENT' })
  })

  it('ends what a program has left behind when the program is ended', async (t) => {
    const script = `const { spawn } = require('node:child_process')
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
      child.unref()
      console.log(child.pid)
      setInterval(() => {}, 1000)`
    const running = await startProcess({ args: ['-e', script], teardown: t })
    const grandchild = Number(await waitFor(() => running.stdout.trim(), { what: 'the id of the grandchild' }))
    assert.equal(existsSync(`/proc/${grandchild}`), true)

    await running.end()

    assert.equal(running.alive, false)
    await waitFor(() => !existsSync(`/proc/${grandchild}`), { what: 'the grandchild to be gone' })
    assert.equal((await running.finished).signal, 'SIGKILL')
  })
})

describe('what tests share', () => {
  it('gives different ports that can be bound', async () => {
    const ports = await freePorts(20)
    assert.equal(new Set(ports).size, 20)
  })

  it('removes a temporary folder when its test ends', async () => {
    const clean: (() => void | Promise<void>)[] = []
    const folder = temporaryFolder({ after: (fn) => void clean.push(fn) })
    writeFileSync(join(folder, 'file'), 'x')

    for (const fn of clean) await fn()

    assert.equal(existsSync(folder), false)
  })

  it('names what it waited for in vain, and passes on what the condition throws', async () => {
    await assert.rejects(
      waitFor(() => false, { what: 'the moon', deadlineMs: 30 }),
      /30 ms in vain for the moon/,
    )
    await assert.rejects(
      waitFor(
        () => {
          throw new TypeError('broken')
        },
        { what: 'anything' },
      ),
      TypeError,
    )
  })
})
