/** A broker to itself for a test that neither kills nor configures it. */
import { connect, type Socket } from 'node:net'
import { type Broker, startBroker } from './broker.ts'
import type { Answer } from './broker-pool.ts'
import type { Teardown } from './teardown.ts'

/** Path of the pool's socket. */
export const poolVariable = 'LIENTHONG_TEST_BROKERS'

/**
 * An empty broker of the pool that the environment names, given back when the test ends or its process does; one of its
 * own where there is no pool. What a test is to kill, wipe or configure it starts itself.
 */
export async function borrowBroker(
  teardown: Teardown,
  path: string | undefined = process.env[poolVariable],
): Promise<Broker> {
  if (path === undefined) return startBroker({ teardown })
  const socket = connect(path)
  teardown.after(() => void socket.destroy())
  const line = JSON.parse(await firstLine(socket)) as Answer
  if ('error' in line) throw new Error(line.error)
  // From now on it is to be closed by the end of this process as well.
  socket.unref()
  const refuse = (): never => {
    throw new Error('a borrowed broker is neither killed, wiped nor started: start one for that')
  }
  return {
    ...line,
    dir: '',
    environment: {},
    pid: 0,
    alive: true,
    kill: async () => refuse(),
    start: async () => refuse(),
    wipe: refuse,
    stop: async () => void socket.destroy(),
  }
}

function firstLine(socket: Socket): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.endsWith('\n')) resolve(text)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the pool of brokers has ended')))
  })
}
