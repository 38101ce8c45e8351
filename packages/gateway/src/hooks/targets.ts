/**
 * Where webhooks may go. Whoever subscribes chooses the address, and the node calls it from inside its network: so by
 * default only the open internet over HTTPS, and everything else by name. A name is looked up once, and the address that
 * was checked is the one connected to; a second look-up might say something else.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { RelayError } from '@lienthong/core'
import { openNetworks } from '../networks.ts'

export interface Targets {
  /** What can be said without looking names up. Throws HOOK_TARGET_REFUSED. */
  check(url: URL): void
  /** The address to connect to. Throws HOOK_TARGET_REFUSED, or what the look-up throws. */
  resolve(url: URL): Promise<Address>
}

export interface Address {
  readonly address: string
  readonly family: number
}

/** Of this machine, of networks behind it, of nobody in particular, and what only wraps such an address. */
const inside: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

type Lookup = (host: string) => Promise<readonly Address[]>

/** `allow`: networks (CIDR) and host names, without scheme or port, beside the open internet. Throws CONFIG_INVALID. */
export function openTargets(allow: readonly string[], find: Lookup = findAll): Targets {
  const isNetwork = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0
  const networks = allow.filter(isNetwork)
  const hosts = new Set(allow.filter((entry) => !isNetwork(entry)).map(hostOf))
  const isNamed = openNetworks(networks)
  const isInside = openNetworks(inside)

  function permits(url: URL, address: string): boolean {
    return hosts.has(url.hostname) || isNamed(address) || (url.protocol === 'https:' && !isInside(address))
  }

  function refused({ host }: URL): RelayError {
    return new RelayError('HOOK_TARGET_REFUSED', { detail: { host } })
  }

  return {
    check(url) {
      const literal = literalOf(url)
      const mayBe =
        literal === null
          ? url.protocol === 'https:' || hosts.has(url.hostname) || networks.length > 0
          : permits(url, literal)
      if (!mayBe) throw refused(url)
    },
    async resolve(url) {
      const literal = literalOf(url)
      const found = literal === null ? await find(url.hostname) : [{ address: literal, family: isIP(literal) }]
      const good = found.find(({ address }) => permits(url, address))
      if (good === undefined) throw refused(url)
      return good
    },
  }
}

/** The URL parser has already made every way to write an address the usual one. */
function literalOf({ hostname }: URL): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(bare) === 0 ? null : bare
}

/** A host name as URLs have it. An address in one of its other forms is none: whoever writes `10.0.0` means a network. */
function hostOf(written: string): string {
  const isName = /^[\p{L}\p{M}\p{N}._-]+$/u.test(written) && URL.canParse(`https://${written}/`)
  const url = isName ? new URL(`https://${written}/`) : null
  if (url === null || literalOf(url) !== null) {
    throw new RelayError('CONFIG_INVALID', { detail: { reason: `"${written}"` } })
  }
  return url.hostname
}

async function findAll(host: string): Promise<readonly Address[]> {
  return lookup(host, { all: true })
}
