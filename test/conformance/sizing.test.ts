/** What the sizing page quotes is in the file it quotes, and both languages quote the same. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from './source-files.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
/** `| \`name\` | value | unit |` */
const quoted = (page: string): readonly string[][] =>
  [...page.matchAll(/^\| `([^`]+)` \| ([\d.]+) \| ([^|]+) \|$/gm)].map(([, ...row]) => row)

describe('deploy/sizing.md', () => {
  const [english, vietnamese] = [read('deploy/sizing.md'), read('deploy/sizing.vi.md')]

  it('quotes figures that stand in results.csv', () => {
    const results = read('test/bench/results.csv')
    const figures = quoted(english)
    assert.ok(figures.length > 5)
    for (const [name = '', value, unit] of figures) {
      const written = name.includes(',') ? `"${name}"` : name
      const stands = results
        .split('\n')
        .some((line) => line.includes(`,${written},`) && line.includes(`,${value},${unit},`))
      assert.ok(stands, `${name}: ${value} ${unit}`)
    }
  })

  it('says in Vietnamese what it says in English', () => {
    assert.deepEqual(quoted(vietnamese), quoted(english))
    const shape = (page: string): readonly number[] =>
      page.split('\n## ').map((section) => section.match(/^(?:\||- |\d+\. )/gm)?.length ?? 0)
    assert.deepEqual(shape(vietnamese), shape(english))
    assert.deepEqual(numbersIn(vietnamese, ',', '.'), numbersIn(english, '.', ','))
  })
})

/** Numbers in the second column of what is needed and what it costs, as a program writes them. */
function numbersIn(page: string, point: string, thousands: string): readonly string[] {
  const cells = [...page.matchAll(/^\| [^`|]+ \| ([^|]+) \|/gm)].map(([, cell = '']) => cell)
  const numbers = cells.flatMap((cell) => cell.match(/\d[\d.,]*/g) ?? [])
  return numbers.map((text) => text.replaceAll(thousands, '').replace(point, '.'))
}
