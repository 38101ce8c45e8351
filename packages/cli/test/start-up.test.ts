/** What every command pays for, whatever it does: what is loaded before the words of a call are understood. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.js', import.meta.url))

it('a command loads what it needs and no more: a check that monitoring runs every minute is no node', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const follow = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s[^;]*?from ['"]([^'"]+)['"]/gm)
    for (const [, name = ''] of imports) {
      if (name.startsWith('.')) follow(join(dirname(file), name))
      else if (!name.startsWith('node:')) packages.add(name)
    }
  }
  follow(main)
  assert.ok(seen.size > 50)
  assert.deepEqual(
    [...packages].toSorted((a, b) => a.localeCompare(b)),
    ['@lienthong/core', '@lienthong/gateway/admin-protocol', 'yargs'],
  )
})
