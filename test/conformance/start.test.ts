/**
 * The start-up script on machines that this one is not: without RabbitMQ, with and without apt, with a failing apt.
 * Programs that would change the machine are stood in for by scripts on a PATH of our own.
 */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runProcess, type Teardown, temporaryFolder } from '../kit/index.ts'
import { root } from './source-files.ts'

const isRoot = process.getuid?.() === 0
const skip = isRoot ? false : 'apt is only used by root'

describe('start-up script', () => {
  it('installs RabbitMQ with service starts denied and puts the policy of the machine back', { skip }, async (t) => {
    const machine = layOut(t)
    machine.program('apt-get', `cp ${machine.policyFile} ${machine.folder}/policy-seen; touch ${machine.brokerScript}`)
    writeFileSync(machine.policyFile, 'the policy of the machine')

    const result = await machine.ensureBroker()

    assert.equal(result.exitCode, 0, result.stderr)
    assert.match(readFileSync(join(machine.folder, 'policy-seen'), 'utf8'), /exit 101/)
    assert.equal(readFileSync(machine.policyFile, 'utf8'), 'the policy of the machine')
  })

  it('fetches the package lists when the first attempt fails', { skip }, async (t) => {
    const machine = layOut(t)
    machine.program(
      'apt-get',
      `echo "$*" >> ${machine.folder}/calls
       case "$*" in *update*) touch ${machine.folder}/lists; exit 0;; esac
       [ -e ${machine.folder}/lists ] || { echo 'Unable to locate package'; exit 100; }
       touch ${machine.brokerScript}`,
    )

    const result = await machine.ensureBroker()

    assert.equal(result.exitCode, 0, result.stderr)
    const calls = readFileSync(join(machine.folder, 'calls'), 'utf8').trim().split('\n')
    assert.deepEqual(
      calls.map((call) => /update|install --no-install-recommends rabbitmq-server/.exec(call)?.[0]),
      ['install --no-install-recommends rabbitmq-server', 'update', 'install --no-install-recommends rabbitmq-server'],
    )
    assert.equal(existsSync(machine.policyFile), false)
  })

  it('removes its policy and shows what apt said when apt fails', { skip }, async (t) => {
    const machine = layOut(t)
    machine.program('apt-get', `echo 'no space left'; exit 100`)

    const result = await machine.ensureBroker()

    assert.equal(result.exitCode, 100)
    assert.match(result.stderr, /no space left\n[^]*BROKER_INSTALL_FAILED: /)
    assert.equal(existsSync(machine.policyFile), false)
  })

  it('removes its policy when it is interrupted, and ends', { skip }, async (t) => {
    const machine = layOut(t)
    machine.program('apt-get', `kill -TERM $PPID; exec sleep 30`)

    const result = await machine.ensureBroker()

    assert.equal(result.exitCode, 143)
    assert.equal(existsSync(machine.policyFile), false)
  })

  it('says in one sentence what to do where it may not install, in the language of the locale', async (t) => {
    const machine = layOut(t)

    const english = await machine.ensureBroker()
    const vietnamese = await machine.ensureBroker({ LANG: 'vi_VN.UTF-8' })

    assert.equal(english.exitCode, 1)
    assert.match(english.stderr, /^BROKER_MISSING: .*apt-get install.*LIENTHONG_BROKER_URL.*\n$/)
    assert.match(vietnamese.stderr, /^BROKER_MISSING: Chưa có RabbitMQ.*\n$/)
  })

  it('takes a running broker that is named whole, and refuses one that is half named', async (t) => {
    const machine = layOut(t)
    const url = { LIENTHONG_BROKER_URL: 'amqp://127.0.0.1' }

    const half = await machine.ensureBroker(url)
    const whole = await machine.ensureBroker({ ...url, LIENTHONG_BROKER_API: 'http://127.0.0.1' })

    assert.match(half.stderr, /^BROKER_HALF_NAMED: /)
    assert.equal(whole.exitCode, 0)
  })

  it('explains itself when it is called wrongly', async () => {
    const result = await runProcess({ args: [join(root, 'deploy/start.mjs'), 'tset', '--lang', 'vi'] })
    assert.equal(result.exitCode, 2)
    assert.match(result.stderr, /^Cách dùng: /)
  })

  it('adds up the closing lines of a report, not what a test prints, and counts an unfinished one as a failure', async () => {
    const { count } = (await import(new URL('deploy/start/tests.mjs', `file://${root}`).href)) as {
      count: (tap: string) => unknown
    }
    const tap = '# tests 99\n# pass 99\nnot ok 1\n# tests 7\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 2\n'
    assert.deepEqual(count(tap), { passed: 3, failed: 2, skipped: 2 })
    assert.deepEqual(count('TAP version 13\n'), { passed: 0, failed: 1, skipped: 0 })
  })
})

/** A machine without RabbitMQ, in a folder; its PATH holds a shell's tools only through the scripts' own PATH. */
function layOut(t: Teardown) {
  const folder = temporaryFolder(t)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const brokerScript = join(folder, 'rabbitmq-server')
  const policyFile = join(folder, 'policy-rc.d')
  const driver = join(folder, 'driver.mjs')
  const start = (name: string) => JSON.stringify(new URL(`deploy/start/${name}.mjs`, `file://${root}`).href)
  writeFileSync(
    driver,
    `import { ensureBroker } from ${start('broker')}
     import { StartError } from ${start('run')}
     import { chooseLanguage, speaker } from ${start('sentences')}
     const say = speaker(chooseLanguage([], process.env))
     const paths = ${JSON.stringify({ brokerScript, policyFile, systemd: join(folder, 'no-systemd') })}
     const context = { command: 'test', args: [], root: '/', environment: process.env, paths, say, tell: () => {} }
     try { await ensureBroker(context) } catch (error) {
       if (!(error instanceof StartError)) throw error
       console.error(error.message)
       process.exitCode = error.exitCode
     }`,
  )
  return {
    folder,
    brokerScript,
    policyFile,
    program(name: string, script: string) {
      writeFileSync(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`)
      chmodSync(join(bin, name), 0o755)
    },
    ensureBroker: (env: Record<string, string> = {}) => runProcess({ args: [driver], env: { ...env, PATH: bin } }),
  }
}
