/** The PEM files that node.yaml names. */
import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { phrase } from '@lienthong/core'
import type { ConfigProblem } from './problem.ts'
import { readSmallFile, unreadable } from './read-file.ts'

const maxPemBytes = 1024 * 1024

/** Says something of what stands at this path of node.yaml. */
export type SayAt = (path: readonly PropertyKey[], text: ConfigProblem['text']) => void

/** What cannot be used is refused, and the answer is of no use then. `path`: who names the file. */
export interface PemFiles {
  read(path: readonly PropertyKey[], shown: string): Promise<string>
  /** TLS takes a file without certificates for one that trusts nobody, and says nothing; here it is refused. */
  authorities(path: readonly PropertyKey[], shown: string): Promise<string>
}

/** Relative paths start at `dir`. */
export function openPemFiles(dir: string, refuse: SayAt): PemFiles {
  async function tryRead(path: readonly PropertyKey[], shown: string): Promise<string | null> {
    try {
      return await readSmallFile(resolve(dir, shown), { shown, maxBytes: maxPemBytes })
    } catch (error) {
      refuse(path, unreadable(error, shown))
      return null
    }
  }
  return {
    read: async (path, shown) => (await tryRead(path, shown)) ?? '',
    async authorities(path, shown) {
      const pem = await tryRead(path, shown)
      if (pem !== null && !areCertificates(pem)) {
        refuse(path, (language) => phrase(language, 'config.authorities', { file: shown }))
      }
      return pem ?? ''
    },
  }
}

/** One or more, each of which can be read. */
function areCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []
  return blocks.length > 0 && blocks.every(isCertificate)
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).serialNumber !== ''
  } catch {
    return false
  }
}
