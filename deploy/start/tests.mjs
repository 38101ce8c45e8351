/** Finds compiled tests, runs them with Node's runner and adds up what it says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { runLoud } from './children.mjs'
import { StartError } from './run.mjs'

const minuteMs = 60_000
const fileTimeoutMs = { test: 6 * minuteMs, 'test:long': 45 * minuteMs }

/** Two cores. Tests of the whole wait for timers and brokers more than they compute. */
const concurrency = 2

/**
 * Runs the tests, those of the packages first. Arguments select files by parts of their names. The last line is
 * `N passed, N failed[, N skipped]`.
 *
 * @param {import('./run.mjs').Context & { command: 'test' | 'test:long' }} context
 * @returns {Promise<number>} exit code
 */
export async function runTests(context) {
  const { tell, say } = context
  const { unit, whole } = findTests(context)
  if (unit.length + whole.length === 0) throw new StartError(say('NO_TESTS'))
  const totals = { passed: 0, failed: 0, skipped: 0 }
  let exitCode = 0
  for (const [code, files, run] of /** @type {const} */ ([
    ['UNIT_TESTS', unit, runFiles],
    ['WHOLE_TESTS', whole, runWithBrokers],
  ])) {
    if (files.length === 0) continue
    tell(code, { files: files.length })
    const result = await run(context, files)
    totals.passed += result.passed
    totals.failed += result.failed
    totals.skipped += result.skipped
    exitCode ||= result.exitCode
    if (result.interrupted) break
  }
  const skipped = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped`
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed${skipped}\n`)
  return exitCode
}

/**
 * Compiled tests whose source is still there.
 *
 * @param {import('./run.mjs').Context} context
 */
export function findTests({ root, command, args }) {
  const wanted = args.filter((arg, index) => !arg.startsWith('--') && args[index - 1] !== '--lang')
  const long = command === 'test:long'
  const select = (/** @type {string[]} */ folders) =>
    folders
      .flatMap(compiledTests)
      .filter((file) => file.endsWith('.long.test.js') === long)
      .filter((file) => wanted.length === 0 || wanted.some((part) => relative(root, file).includes(part)))
      .sort((a, b) => a.localeCompare(b, 'en'))
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
  return { unit: select([...packages, join(root, 'deploy', 'demo')]), whole: select([join(root, 'test')]) }
}

/** @param {string} folder one with a `dist` */
function compiledTests(folder) {
  const dist = join(folder, 'dist')
  if (!existsSync(dist)) return []
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && existsSync(join(folder, file.replace(/\.js$/, '.ts'))))
    .map((file) => join(dist, file))
}

/**
 * Runs files that borrow brokers instead of starting their own. The lender ends with its standard input, so also when
 * this script is killed.
 *
 * @type {typeof runFiles}
 */
async function runWithBrokers(context, files) {
  const { root, environment } = context
  const lender = spawn(process.execPath, [join(root, 'test/dist/kit/lend-brokers.js')], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(lender, 'close')
  try {
    const [socket] = await Promise.race([once(lender.stdout, 'data'), ended])
    if (lender.exitCode !== null) throw new Error('no brokers to lend')
    const brokers = String(socket).trim()
    return await runFiles({ ...context, environment: { ...environment, LIENTHONG_TEST_BROKERS: brokers } }, files)
  } finally {
    lender.stdin.end()
    await ended
  }
}

/**
 * @param {import('./run.mjs').Context & { command: 'test' | 'test:long' }} context
 * @param {readonly string[]} files
 */
async function runFiles({ root, command, environment }, files) {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-report-'))
  const report = join(folder, 'tap')
  try {
    const ended = await runLoud({
      command: process.execPath,
      args: [
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${fileTimeoutMs[command]}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=tap',
        `--test-reporter-destination=${report}`,
        ...files,
      ],
      cwd: root,
      env: environment,
    })
    return { ...ended, ...count(existsSync(report) ? readFileSync(report, 'utf8') : '') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Reads the closing lines of a report. A run that did not get so far counts as one failure.
 *
 * @param {string} tap
 */
export function count(tap) {
  const closing = new Map([...tap.matchAll(/^# (\w+) (\d+)$/gm)].map(([, key, value]) => [key, Number(value)]))
  if (!closing.has('tests')) return { passed: 0, failed: 1, skipped: 0 }
  const of = (/** @type {string} */ key) => closing.get(key) ?? 0
  return { passed: of('pass'), failed: of('fail') + of('cancelled'), skipped: of('skipped') }
}
