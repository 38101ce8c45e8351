/** `npm run bundle`: one archive that installs a node on a machine without internet. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checksumsOf } from './checksums.mjs'
import { runQuiet } from './children.mjs'
import { closureOf, manifestOf } from './closure.mjs'
import { withProgress } from './progress.mjs'
import { StartError } from './run.mjs'

/** Of the checkout, put into the archive as they are. */
const carried = [
  'LICENSE',
  'README.md',
  'deploy/start',
  'deploy/systemd',
  'deploy/rabbitmq',
  'deploy/samples',
  'deploy/handbook',
  'deploy/compose.yaml',
  'deploy/Dockerfile',
]

/**
 * Writes `lienthong-VERSION-PLATFORM.tar.gz` and its SHA-256 beside it, and returns 0.
 *
 * @param {import('./run.mjs').Context} context
 */
export async function makeBundle(context) {
  const { root, say, tell } = context
  const { out, 'without-node': withoutNode } = optionsOf(context)
  const name = `lienthong-${manifestOf(root).version}`
  const archive = resolve(out ?? `${name}-${process.platform}-${process.arch}.tar.gz`)
  // Beside the archive: copying to another disk would be a second write of it all.
  const work = mkdtempSync(`${archive}.`)
  try {
    await withProgress(context, say('BUNDLING'), () => {
      layOut(root, join(work, name), !withoutNode)
      return pack({ work, name, archive }, context)
    })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  tell('BUNDLED', { archive })
  return 0
}

/** @param {import('./run.mjs').Context} context */
function optionsOf({ args, say }) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { out: { type: 'string' }, 'without-node': { type: 'boolean' }, lang: { type: 'string' } },
    })
    return values
  } catch {
    throw new StartError(say('BUNDLE_USAGE'), 2)
  }
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {boolean} withNode
 */
function layOut(root, folder, withNode) {
  for (const [from, place] of closureOf(root, 'packages/cli')) {
    const own = relative(root, from).startsWith('packages')
    cpSync(from, join(folder, 'app', place), { recursive: true, filter: (path) => isWanted(relative(from, path), own) })
  }
  for (const part of carried) cpSync(join(root, part), join(folder, part), { recursive: true })
  for (const script of ['bin/lienthong', 'install']) {
    cpSync(join(root, 'deploy/start', script.replace('/', '-') + '.sh'), join(folder, script))
    chmodSync(join(folder, script), 0o755)
  }
  if (withNode) copyNode(join(folder, 'node'))
  writeFileSync(join(folder, 'SHA256SUMS'), checksumsOf(folder))
}

/**
 * Ours is what was built, without tests; what was installed, without what only a compiler or debugger reads.
 *
 * @param {string} path below the package
 * @param {boolean} own
 */
function isWanted(path, own) {
  if (path === '') return true
  if (path.split('/').at(0) === 'node_modules' || /\.(?:map|d\.[cm]?ts|tsbuildinfo)$/.test(path)) return false
  return !own || /^(?:package\.json|README\.md|docs|bin|dist$|dist\/src)/.test(path)
}

/**
 * The running Node with its licence, which stands beside it or where Debian keeps it.
 *
 * @param {string} folder
 */
function copyNode(folder) {
  cpSync(process.execPath, join(folder, 'bin', 'node'), { dereference: true })
  const prefix = resolve(process.execPath, '../..')
  const licence = [join(prefix, 'LICENSE'), join(prefix, 'share/doc/nodejs/copyright')].find((path) => existsSync(path))
  if (licence !== undefined) copyFileSync(licence, join(folder, 'LICENSE'))
}

/**
 * The same files give the same archive.
 *
 * @param {{ work: string, name: string, archive: string }} what
 * @param {import('./run.mjs').Context} context
 */
async function pack({ work, name, archive }, { environment, say }) {
  const args = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '-I', 'gzip -n', '-cf']
  const part = `${work}/archive`
  const { exitCode, output } = await runQuiet({
    command: 'tar',
    args: [...args, part, '-C', work, name],
    cwd: work,
    env: environment,
  })
  if (exitCode !== 0) {
    process.stderr.write(output)
    throw new StartError(say('BUNDLE_FAILED', { exitCode }), exitCode)
  }
  renameSync(part, archive)
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex')
  writeFileSync(`${archive}.sha256`, `${digest}  ${basename(archive)}\n`)
}
