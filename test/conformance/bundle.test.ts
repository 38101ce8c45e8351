/** The archive for machines without internet: made, unpacked elsewhere, installed and run without any network. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runProcess, temporaryFolder } from '../kit/index.ts'
import { root } from './source-files.ts'

const version = '0.1.0'
const deadlineMs = 180_000

describe('the archive for installing without internet', () => {
  const work = temporaryFolder({ after })
  const archive = join(work, 'lienthong.tar.gz')
  const folder = join(work, `lienthong-${version}`)

  before(async () => {
    const args = [join(root, 'deploy/start.mjs'), 'bundle', '--out', archive, '--without-node']
    const made = await runProcess({ args, deadlineMs })
    assert.equal(made.exitCode, 0, made.stderr)
    await unpack(archive, work)
  })

  it('has what the program needs and nothing that only builds or tests', () => {
    const modules = readdirSync(join(folder, 'app/node_modules'))
    for (const needed of ['@lienthong', 'yargs', 'amqplib', 'libsql', 'fastify'])
      assert.ok(modules.includes(needed), needed)
    for (const unwanted of ['typescript', 'fast-check', '@biomejs', 'oxlint']) {
      assert.ok(!modules.includes(unwanted), unwanted)
    }
    assert.deepEqual(readdirSync(join(folder, 'app/node_modules/@lienthong/cli/dist')), ['src'])
    for (const carried of ['handbook/vi/night-call.md', 'samples/commune/node.yaml', 'rabbitmq/children.conf'])
      assert.ok(existsSync(join(folder, 'deploy', carried)), carried)
  })

  it('installs without a network, and the program runs', async (t) => {
    const home = temporaryFolder(t)

    const installed = await offline(join(folder, 'install'), ...into(home))
    assert.equal(installed.exitCode, 0, installed.stderr)
    assert.equal(readlinkSync(join(home, 'opt/current')), version)

    const program = join(home, 'bin/lienthong')
    assert.equal((await offline(program, '--version')).stdout.trim(), version)
    const key = await offline(program, 'key', 'create', join(home, 'node.key'), '--node', 'H29', '-o', 'json')
    assert.equal((JSON.parse(key.stdout) as { kid: string }).kid, 'H29#1')
    const { publicKey } = JSON.parse(key.stdout) as { publicKey: string }
    writeFileSync(join(home, 'directory.yaml'), directoryText(publicKey))
    writeFileSync(join(home, 'node.yaml'), nodeText)
    const checked = await offline(program, 'node', 'check-config', join(home, 'node.yaml'))
    assert.equal(checked.exitCode, 0, checked.stderr)
  })

  it('is installed again without harm, beside what was there', async (t) => {
    const home = temporaryFolder(t)
    mkdirSync(join(home, 'opt/0.0.9'), { recursive: true })
    for (let time = 0; time < 2; time += 1) {
      const { exitCode, stderr } = await offline(join(folder, 'install'), ...into(home))
      assert.equal(exitCode, 0, stderr)
    }
    assert.deepEqual(readdirSync(join(home, 'opt')).sort(), ['0.0.9', version, 'current'])
  })

  it('is not installed when a file is damaged, missing or added, and says which', async (t) => {
    const home = temporaryFolder(t)
    const file = 'app/node_modules/yargs/package.json'
    const whole = readFileSync(join(folder, file))
    for (const [change, named] of [
      [() => writeFileSync(join(folder, file), 'damaged'), file],
      [() => rmSync(join(folder, file)), file],
      [() => writeFileSync(join(folder, 'app/extra.js'), ''), 'app/extra.js'],
    ] as const) {
      change()
      const { exitCode, stderr } = await offline(join(folder, 'install'), ...into(home))
      assert.deepEqual([exitCode, stderr.includes(`INSTALL_DAMAGED: ${named} `)], [1, true], stderr)
      writeFileSync(join(folder, file), whole)
    }
    assert.equal(existsSync(join(home, 'opt')), false)
  })
})

describe('the service unit', () => {
  const analyse = '/usr/bin/systemd-analyze'
  const skip = existsSync(analyse) ? false : `${analyse} is missing`

  it('is understood by systemd and exposes little', { skip }, async (t) => {
    const home = temporaryFolder(t)
    const unit = join(home, 'lienthong@.service')
    const text = readFileSync(join(root, 'deploy/systemd/lienthong@.service'), 'utf8')
    writeFileSync(unit, text.replaceAll('/opt/lienthong/current/bin/lienthong', '/bin/true'))

    const verified = await runProcess({ command: analyse, args: ['verify', '--man=no', unit], deadlineMs })
    assert.equal(verified.stderr, '')
    const dropIn = readFileSync(join(root, 'deploy/samples/province/hosted/hosted.conf'), 'utf8')
    mkdirSync(join(home, 'lienthong@.service.d'))
    writeFileSync(
      join(home, 'lienthong@.service.d/hosted.conf'),
      dropIn.replaceAll('/opt/lienthong/current/bin/lienthong', '/bin/true'),
    )
    const hosting = await runProcess({ command: analyse, args: ['verify', '--man=no', unit], deadlineMs })
    assert.equal(hosting.stderr, '')
    const secured = await runProcess({
      command: analyse,
      args: ['security', '--offline=true', '--threshold=20', unit],
      deadlineMs,
    })
    assert.equal(secured.exitCode, 0, secured.stdout)
  })
})

async function unpack(archive: string, into: string): Promise<void> {
  const { exitCode, stderr } = await runProcess({ command: 'tar', args: ['-xzf', archive, '-C', into], deadlineMs })
  assert.equal(exitCode, 0, stderr)
}

function into(home: string): string[] {
  return ['--prefix', join(home, 'opt'), '--bin', join(home, 'bin'), '--no-service', '--lang', 'en']
}

/** Without a network and with nothing of the checkout but the Node it runs on. */
async function offline(program: string, ...args: string[]): ReturnType<typeof runProcess> {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, LANG: 'C.UTF-8' }
  return runProcess({ command: 'unshare', args: ['--map-root-user', '--net', program, ...args], deadlineMs, env })
}

const nodeText = `id: H29
data: data
key: node.key
directory: directory.yaml
broker: {url: 'amqp://127.0.0.1:5672', vhost: h29, user: h29, password: {env: PATH}, management: 'http://127.0.0.1:15672'}
`

function directoryText(publicKey: string): string {
  return `version: 1
nodes:
  - {id: H29, tier: province, parent: null, keys: [{kid: 'H29#1', publicKey: ${publicKey}}]}
organisations:
  - {id: H29, name: UBND, parent: null, node: H29}
`
}
