/**
 * Puts an unpacked archive in its place: `PREFIX/VERSION`, with `PREFIX/current` pointing to it.
 *
 * An older version stays beside the new one until it is removed by hand, so that going back is one link.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { firstDifference } from './checksums.mjs'
import { StartError } from './run.mjs'
import { chooseLanguage, speaker } from './sentences.mjs'

const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const unit = 'lienthong@.service'
const account = 'lienthong'

process.exitCode = main(process.argv.slice(2))

/** @param {string[]} args */
function main(args) {
  const say = speaker(chooseLanguage(args, process.env))
  try {
    install(args, say)
    return 0
  } catch (error) {
    const known = error instanceof StartError
    process.stderr.write(`${known ? error.message : say('INSTALL_FAILED', { reason: String(error) })}\n`)
    return known ? error.exitCode : 1
  }
}

/**
 * @param {string[]} args
 * @param {ReturnType<typeof speaker>} say
 */
function install(args, say) {
  const { prefix, bin, service, help } = optionsOf(args, say)
  if (help) return void process.stdout.write(`${say('INSTALL_USAGE')}\n`)
  process.stderr.write(`${say('INSTALL_CHECKING')}\n`)
  const damaged = firstDifference(folder)
  if (damaged !== null) throw new StartError(say('INSTALL_DAMAGED', { file: damaged }))

  const version = basename(folder).replace(/^lienthong-/, '')
  const place = join(prefix, version)
  if (!existsSync(place)) inOneStep(place, (path) => cpSync(folder, path, { recursive: true, verbatimSymlinks: true }))
  inOneStep(join(prefix, 'current'), (path) => symlinkSync(version, path))
  mkdirSync(bin, { recursive: true })
  inOneStep(join(bin, 'lienthong'), (path) => symlinkSync(join(prefix, 'current/bin/lienthong'), path))
  if (service !== null) installService(service, prefix)
  process.stdout.write(`${say(service === null ? 'INSTALLED' : 'INSTALLED_SERVICE', { place })}\n`)
}

/**
 * @param {string[]} args
 * @param {ReturnType<typeof speaker>} say
 */
function optionsOf(args, say) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        prefix: { type: 'string', default: '/opt/lienthong' },
        bin: { type: 'string', default: '/usr/local/bin' },
        units: { type: 'string', default: '/etc/systemd/system' },
        'no-service': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        lang: { type: 'string' },
      },
    })
    const { prefix, bin, help } = values
    return { prefix, bin, help, service: values['no-service'] ? null : values.units }
  } catch {
    throw new StartError(say('INSTALL_USAGE'), 2)
  }
}

/**
 * Nobody sees it half done, and what was there before is replaced only by what is whole.
 *
 * @param {string} path
 * @param {(path: string) => void} make
 */
function inOneStep(path, make) {
  const part = `${path}.new`
  mkdirSync(dirname(path), { recursive: true })
  rmSync(part, { recursive: true, force: true })
  make(part)
  renameSync(part, path)
}

/**
 * The unit, an account without a password or shell that owns nothing but its data, and the folder of configurations.
 *
 * @param {string} units
 * @param {string} prefix
 */
function installService(units, prefix) {
  const text = readFileSync(join(folder, 'deploy/systemd', unit), 'utf8').replaceAll('/opt/lienthong', prefix)
  inOneStep(join(units, unit), (path) => writeFileSync(path, text))
  if (!hasAccount()) {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', account])
  }
  mkdirSync('/etc/lienthong', { recursive: true, mode: 0o755 })
  if (existsSync('/run/systemd/system')) execFileSync('systemctl', ['daemon-reload'])
}

function hasAccount() {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`${account}:`))
}
