import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * Ports are taken below the range from which the kernel draws source ports (32768 and up on Linux). A client that
 * keeps dialling a closed port inside that range can be given the very same source port: it then connects to itself,
 * and the listener that wants its port back finds it in use.
 */
const lowestPort = 16_000
const highestPort = 32_000
const attempts = 200

/** A broker of the machine itself may want it later. */
const reservedPort = 25_672

/** A port on 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port as number
}

/** As many different free ports. Rejects when there are none left. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = []
  const ports: number[] = []
  try {
    for (let attempt = 0; ports.length < count; attempt += 1) {
      if (attempt === attempts) throw new Error(`no free port between ${lowestPort} and ${highestPort}`)
      const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort))
      if (port === reservedPort) continue
      const server = await tryListen(port)
      if (server === undefined) continue
      held.push(server)
      ports.push(port)
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  }
  return ports
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer()
  server.listen({ host: '127.0.0.1', port })
  try {
    await once(server, 'listening')
    return server
  } catch {
    return undefined
  }
}
