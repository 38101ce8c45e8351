/**
 * What every step of the start-up script gets.
 *
 * @typedef {'demo' | 'test' | 'test:long' | 'bench' | 'bundle'} Command
 *
 * @typedef {object} Context
 * @property {Command} command
 * @property {readonly string[]} args what follows the command
 * @property {string} root the checkout
 * @property {NodeJS.ProcessEnv} environment
 * @property {typeof debian} paths
 * @property {ReturnType<typeof import('./sentences.mjs').speaker>} say makes a sentence
 * @property {(...sentence: Parameters<ReturnType<typeof import('./sentences.mjs').speaker>>) => void} tell
 *   writes it to standard error
 */

/** Ends the script with a sentence; `exitCode` is that of the program that failed, else 1. */
export class StartError extends Error {
  /**
   * @param {string} sentence
   * @param {number} [exitCode]
   */
  constructor(sentence, exitCode = 1) {
    super(sentence)
    this.exitCode = exitCode
  }
}

/** Where Debian keeps what the script needs. */
export const debian = {
  /** The one on the PATH changes the user and calls this. */
  brokerScript: '/usr/lib/rabbitmq/bin/rabbitmq-server',
  /** Asked before a package starts its service: exit code 101 forbids it. */
  policyFile: '/usr/sbin/policy-rc.d',
  /** The Python that Debian's packages are for, whatever else the PATH holds. */
  python: '/usr/bin/python3',
  /** There while systemd runs. */
  systemd: '/run/systemd/system',
}
