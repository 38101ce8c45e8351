/** Is this machine fit: Node, memory, disk. */
import { statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { StartError } from './run.mjs'

const gigabyte = 1024 ** 3

/**
 * What each command needs, in GB, at the most at one time. Measured with one broker at 0.15 (idle) to 0.9 (busy) GB.
 *
 * @type {Record<import('./run.mjs').Command, { memory: number, disk: number }>}
 */
const needs = {
  demo: { memory: 1.5, disk: 3 },
  test: { memory: 2.5, disk: 3 },
  'test:long': { memory: 5, disk: 10 },
  bench: { memory: 2.5, disk: 5 },
  bundle: { memory: 1, disk: 1 },
}

/** A broker process for each of the seven nodes. */
const memoryForBrokersEach = 5

/**
 * Throws a StartError when the machine is not fit; says what is needed and there otherwise.
 *
 * @param {import('./run.mjs').Context} context
 */
export function checkMachine(context) {
  const { say, command, args, root } = context
  checkNode(context)
  const brokersEach = args.includes('--brokers=each') || args[args.indexOf('--brokers') + 1] === 'each'
  const memory = { needed: needs[command].memory, free: freeMemory() / gigabyte }
  if (command === 'demo' && brokersEach) memory.needed = memoryForBrokersEach
  const folders = [root, tmpdir()].map((folder) => ({ folder, free: freeDisk(folder) / gigabyte }))
  const disk = folders.reduce((least, each) => (each.free < least.free ? each : least))
  const values = {
    memoryNeeded: memory.needed,
    memoryFree: memory.free.toFixed(1),
    diskNeeded: needs[command].disk,
    diskFree: disk.free.toFixed(1),
    folder: disk.folder,
  }
  if (memory.free < memory.needed) throw new StartError(say('MEMORY_LOW', values))
  if (disk.free < needs[command].disk) throw new StartError(say('DISK_LOW', values))
  context.tell('NEEDS', values)
}

/** @param {import('./run.mjs').Context} context */
function checkNode({ say, tell }) {
  const { version } = process
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) throw new StartError(say('NODE_TOO_OLD', { version }))
  if (major !== 20) tell('NODE_UNTESTED', { version })
}

/** Bytes: what the kernel can give, or what is left of a container's limit. */
function freeMemory() {
  const limit = process.constrainedMemory() ?? 0
  const left = limit > 0 ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY
  return Math.min(freemem(), left)
}

/** @param {string} folder */
function freeDisk(folder) {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
