/**
 * Programs that the start-up script runs. Signals sent to the script reach the program that runs, and the script waits
 * for it: what a program has to clean up, it does clean up.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** Characters of a quiet program's output shown when it fails. */
const tailChars = 20_000

/**
 * @typedef {object} Running
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 *
 * @typedef {object} Ended
 * @property {number} exitCode 128 + the signal's number when a signal ended it; 127 when it could not be started
 * @property {boolean} interrupted a signal was passed on to it
 * @property {string} output the end of what a quiet program wrote; '' for a loud one
 */

/**
 * Runs a program on the script's own terminal.
 *
 * @param {Running} running
 * @returns {Promise<Ended>}
 */
export function runLoud(running) {
  return run(running, 'inherit')
}

/**
 * Runs a program and keeps its output for the case that it fails.
 *
 * @param {Running} running
 * @returns {Promise<Ended>}
 */
export function runQuiet(running) {
  return run(running, 'pipe')
}

/**
 * @param {Running} running
 * @param {'inherit' | 'pipe'} output
 * @returns {Promise<Ended>}
 */
function run({ command, args, cwd, env }, output) {
  let text = ''
  let interrupted = false
  // Before the program starts: a signal that comes in between must find a handler, which runs after `child` is set.
  const handlers = forwarded.map((signal) => {
    const handler = () => {
      interrupted = true
      // From a terminal, Ctrl-C has reached the program already: twice would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  const stdin = output === 'inherit' ? 'inherit' : 'ignore'
  const child = spawn(command, args, { cwd, env, stdio: [stdin, output, output] })
  const gather = (/** @type {Buffer} */ chunk) => {
    text = (text + chunk).slice(-tailChars)
  }
  child.stdout?.on('data', gather)
  child.stderr?.on('data', gather)
  return new Promise((resolve) => {
    const end = (/** @type {number} */ exitCode) => {
      for (const remove of handlers) remove()
      resolve({ exitCode, interrupted, output: text })
    }
    child.once('error', (error) => {
      text += `${error.message}\n`
      end(127)
    })
    child.once('close', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}
