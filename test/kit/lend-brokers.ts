/** Lends brokers to test files: says where its socket is, and ends them all when its standard input does. */
import { openBrokerPool } from './broker-pool.ts'

// From a terminal Ctrl-C reaches this program too, while the tests still clean up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
const pool = await openBrokerPool()
process.stdout.write(`${pool.socket}\n`)
process.stdin.resume().once('end', () => void pool.close())
