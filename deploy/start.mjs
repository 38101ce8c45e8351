#!/usr/bin/env node
/**
 * `npm run demo`, `npm test`, `npm run test:long`, `npm run bench`, `npm run bundle` on a machine that has nothing but Node and npm.
 * It runs before `npm ci`, so it and what it imports are plain JavaScript on nothing but Node's own modules.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBroker, ensurePythonClient } from './start/broker.mjs'
import { makeBundle } from './start/bundle.mjs'
import { runLoud } from './start/children.mjs'
import { checkMachine } from './start/machine.mjs'
import { build, ensurePackages } from './start/packages.mjs'
import { debian, StartError } from './start/run.mjs'
import { chooseLanguage, speaker } from './start/sentences.mjs'
import { runTests } from './start/tests.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @type {Record<string, readonly ((context: any) => unknown)[]>} */
const steps = {
  demo: [checkMachine, ensurePackages, build, ensureBroker, runProgram('packages/cli/dist/src/main.js', 'demo')],
  test: [checkMachine, ensurePackages, build, ensureBroker, ensurePythonClient, runTests],
  'test:long': [checkMachine, ensurePackages, build, ensureBroker, runTests],
  bench: [checkMachine, ensurePackages, build, ensureBroker, runProgram('test/dist/bench/main.js')],
  bundle: [checkMachine, ensurePackages, build, makeBundle],
}

process.exitCode = await main(process.argv.slice(2), process.env)

/**
 * @param {readonly string[]} argv
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} exit code
 */
async function main([command = '', ...args], environment) {
  const say = speaker(chooseLanguage(args, environment))
  const chosen = Object.hasOwn(steps, command) ? steps[command] : undefined
  if (chosen === undefined) {
    process.stderr.write(`${say('USAGE')}\n`)
    return 2
  }
  const tell = (/** @type {Parameters<typeof say>} */ ...sentence) => void process.stderr.write(`${say(...sentence)}\n`)
  try {
    let last
    for (const step of chosen) last = await step({ command, args, root, environment, paths: debian, say, tell })
    return Number(last)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

/**
 * The last step: a program on the script's own terminal.
 *
 * @param {string} file
 * @param {string[]} first arguments before those of the command line
 * @returns {(context: import('./start/run.mjs').Context) => Promise<number>}
 */
function runProgram(file, ...first) {
  return async ({ args, environment }) => {
    const command = process.execPath
    const { exitCode } = await runLoud({
      command,
      args: [join(root, file), ...first, ...args],
      cwd: root,
      env: environment,
    })
    return exitCode
  }
}
