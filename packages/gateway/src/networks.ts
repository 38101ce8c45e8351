import { BlockList, isIP } from 'node:net'
import { RelayError } from '@lienthong/core'

/** Whether an address, as a socket gives it, lies in one of the networks. */
export type InNetworks = (address: string | undefined) => boolean

export const loopback: readonly string[] = ['127.0.0.0/8', '::1/128']

/** Networks written `10.0.0.0/8`, `2001:db8::/32`, or one address. Throws CONFIG_INVALID. */
export function openNetworks(written: readonly string[]): InNetworks {
  const list = new BlockList()
  for (const network of written) {
    const [address = '', length] = network.split('/')
    const family = isIP(address)
    const bits = length === undefined ? (family === 4 ? 32 : 128) : /^\d{1,3}$/.test(length) ? Number(length) : -1
    if (family === 0 || bits < 0 || bits > (family === 4 ? 32 : 128)) {
      throw new RelayError('CONFIG_INVALID', { detail: { reason: `"${network}"` } })
    }
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return (address) => {
    if (address === undefined) return false
    // A dual-stack socket shows IPv4 peers as ::ffff:10.0.0.1.
    const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }
}
