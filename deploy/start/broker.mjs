/** RabbitMQ: the installed one, a running one that the environment names, or Debian's package through apt. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runQuiet } from './children.mjs'
import { withProgress } from './progress.mjs'
import { StartError } from './run.mjs'
import { withServiceStartsDenied } from './service-starts.mjs'

/**
 * Throws a StartError when there is no RabbitMQ and none can be installed.
 *
 * @param {import('./run.mjs').Context} context
 */
export async function ensureBroker(context) {
  const { environment, paths, say, tell } = context
  const { LIENTHONG_BROKER_URL: url, LIENTHONG_BROKER_API: api } = environment
  if (Boolean(url) !== Boolean(api)) throw new StartError(say('BROKER_HALF_NAMED'))
  if (url) return tell('BROKER_EXTERNAL')
  if (existsSync(paths.brokerScript)) return
  if (!aptIsPermitted(context)) throw new StartError(say('BROKER_MISSING'))
  const { exitCode, output } = await install(context, 'rabbitmq-server')
  if (exitCode !== 0 || !existsSync(paths.brokerScript)) {
    process.stderr.write(output)
    throw new StartError(say('BROKER_INSTALL_FAILED', { exitCode }), exitCode || 1)
  }
}

/**
 * A client that is not ours, for one test; the test is skipped where it cannot be had.
 *
 * @param {import('./run.mjs').Context} context
 */
export async function ensurePythonClient(context) {
  if (await pythonClientIsThere(context)) return
  if (aptIsPermitted(context)) await install(context, 'python3-pika')
  if (!(await pythonClientIsThere(context))) context.tell('CLIENT_MISSING')
}

/** @param {import('./run.mjs').Context} context */
async function pythonClientIsThere({ root, environment, paths }) {
  const { exitCode } = await runQuiet({
    command: paths.python,
    args: ['-c', 'import pika'],
    cwd: root,
    env: environment,
  })
  return exitCode === 0
}

/** @param {import('./run.mjs').Context} context */
function aptIsPermitted({ environment }) {
  const folders = (environment.PATH ?? '').split(delimiter)
  return process.getuid?.() === 0 && folders.some((folder) => existsSync(join(folder, 'apt-get')))
}

/**
 * Package lists may be missing or stale: they are fetched when the first attempt fails.
 *
 * @param {import('./run.mjs').Context} context
 * @param {string} name
 */
async function install(context, name) {
  const { environment, paths, say } = context
  const apt = (/** @type {string[]} */ ...args) =>
    runQuiet({
      command: 'apt-get',
      args: ['-y', '-o', 'DPkg::Lock::Timeout=120', ...args],
      cwd: '/',
      env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
    })
  const installation = () => apt('install', '--no-install-recommends', name)
  const what = say('INSTALLING_BROKER', { package: name })
  return withProgress(context, what, () =>
    withServiceStartsDenied(paths.policyFile, async () => {
      let result = await installation()
      if (result.exitCode !== 0 && !result.interrupted) {
        await apt('update')
        result = await installation()
      }
      if (result.exitCode === 0 && name === 'rabbitmq-server' && existsSync(paths.systemd)) await forgetService(context)
      return result
    }),
  )
}

/**
 * The package enables its service for the next boot. Nobody has asked for a broker on all interfaces, and the private
 * ones do not need it.
 *
 * @param {import('./run.mjs').Context} context
 */
async function forgetService({ environment }) {
  await runQuiet({ command: 'systemctl', args: ['disable', 'rabbitmq-server'], cwd: '/', env: environment })
}
