/** npm's packages and the build: only when needed. */
import { createHash } from 'node:crypto'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runQuiet } from './children.mjs'
import { withProgress } from './progress.mjs'
import { StartError } from './run.mjs'

/**
 * Runs `npm ci` when node_modules is missing or does not belong to package-lock.json.
 *
 * @param {import('./run.mjs').Context} context
 */
export async function ensurePackages(context) {
  const { root, say } = context
  const stamp = join(root, 'node_modules', '.lienthong-stamp')
  const lock = join(root, 'package-lock.json')
  const digest = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (readOr(stamp, '') === digest || changedAt(join(root, 'node_modules', '.package-lock.json')) > changedAt(lock)) {
    return
  }
  const { exitCode, output } = await withProgress(context, say('INSTALLING_PACKAGES'), () => npmCi(context))
  if (exitCode !== 0) {
    process.stderr.write(output)
    throw new StartError(say('PACKAGES_FAILED', { exitCode }), exitCode)
  }
  writeFileSync(stamp, digest)
}

/** @param {import('./run.mjs').Context} context */
async function npmCi({ root, environment }) {
  const ownCache = homeIsWritable(environment) ? undefined : mkdtempSync(join(tmpdir(), 'lienthong-npm-'))
  const cache = ownCache === undefined ? {} : { HOME: ownCache, npm_config_cache: ownCache }
  const npm = environment.npm_execpath
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    return await runQuiet({
      command: npm === undefined ? 'npm' : process.execPath,
      args: npm === undefined ? args : [npm, ...args],
      cwd: root,
      env: { ...environment, ...cache },
    })
  } finally {
    if (ownCache !== undefined) rmSync(ownCache, { recursive: true, force: true })
  }
}

/**
 * Builds what has changed.
 *
 * @param {import('./run.mjs').Context} context
 */
export async function build(context) {
  const { root, environment, say } = context
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { exitCode, output } = await withProgress(context, say('BUILDING'), () =>
    runQuiet({ command: process.execPath, args: [compiler, '-b'], cwd: root, env: environment }),
  )
  if (exitCode === 0) return
  process.stderr.write(output)
  throw new StartError(say('BUILD_FAILED', { exitCode }), exitCode)
}

/** @param {NodeJS.ProcessEnv} environment */
function homeIsWritable({ HOME, npm_config_cache: cache }) {
  const folder = cache || HOME
  if (!folder) return false
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} path
 * @param {string} otherwise
 */
function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
