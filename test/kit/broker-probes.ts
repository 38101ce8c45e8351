import { request } from 'node:http'
import { connect } from 'node:net'

const protocolHeader = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')
const probeTimeoutMs = 5_000

/** True when the listener answers the protocol header with a method frame (connection.start). */
export function amqpAnswers(amqpUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(amqpUrl)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    const finish = (answers: boolean) => {
      socket.destroy()
      resolve(answers)
    }
    socket.setTimeout(probeTimeoutMs, () => finish(false))
    socket.once('connect', () => socket.write(protocolHeader))
    socket.once('data', (data) => finish(data[0] === 1))
    socket.once('error', () => finish(false))
    socket.once('end', () => finish(false))
  })
}

/** True when the management API knows the account. */
export function managementAnswers(broker: {
  readonly managementUrl: string
  readonly user: string
  readonly password: string
}): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(
      new URL('/api/overview', broker.managementUrl),
      { agent: false, auth: `${broker.user}:${broker.password}`, timeout: probeTimeoutMs },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode === 200))
        response.once('error', () => resolve(false))
      },
    )
    probe.once('timeout', () => probe.destroy())
    probe.once('error', () => resolve(false))
    probe.end()
  })
}
