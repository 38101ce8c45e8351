/**
 * Routing at the size of the country: 125,000 organisations, 11,000 nodes.
 *
 * Measured on 2 shared cores, Node 20: see the README. Run: `node packages/core/dist/bench/routing.bench.js`
 */
import {
  type Core,
  compileTable,
  type Directory,
  type DirectoryNode,
  decideTransit,
  type Organisation,
} from '@lienthong/core'
import { Bench } from 'tinybench'

const provinces = 63
const districtsEach = 12
const communesEach = 14
const organisationsPerCommune = 12

function country(): Directory {
  const nodes: DirectoryNode[] = [{ id: 'G22', tier: 'central', parent: null, keys: [] }]
  const organisations: Organisation[] = [{ id: 'G22', name: 'centre', parent: null, node: 'G22' }]
  function add(id: string, parent: string, oldForm: string): void {
    nodes.push({ id, tier: '', parent, keys: [] })
    organisations.push({ id, name: id, parent, node: id, code102: oldForm })
  }
  for (let p = 1; p <= provinces; p++) {
    const province = `H${String(p).padStart(2, '0')}`
    add(province, 'G22', `000.00.00.${province}`)
    for (let d = 1; d <= districtsEach; d++) {
      add(`${province}.${d}`, province, `000.00.${d + 10}.${province}`)
      for (let c = 1; c <= communesEach; c++) {
        const commune = `${province}.${d}.${c}`
        add(commune, `${province}.${d}`, `000.${c + 10}.${d + 10}.${province}`)
        for (let o = 1; o < organisationsPerCommune; o++) {
          const office = { id: `${commune}.${o}`, name: 'office', parent: commune, node: commune }
          // One in eleven has been merged into another.
          organisations.push(o === 1 ? { ...office, validTo: '2025-06-30', successors: [commune] } : office)
        }
      }
    }
  }
  return { version: 1, nodes, organisations }
}

const directory = country()
const now = Date.UTC(2025, 7, 1)
const table = compileTable('H29', directory, 1, now)
const everyone = table.expand('H29.*') ?? []
const core: Core = {
  version: 1,
  uid: 'u1',
  generation: 1,
  kind: 'document',
  businessType: 0,
  from: 'H26.1.1',
  documentId: 'd1',
  recipients: ['H29.3.4.2'],
  size: 5_000,
  sha256: 'ab',
  segmentBytes: 256 * 1024,
  lane: 'bulk',
  sealedAt: 0,
  directoryVersion: 1,
}
const path = [
  { node: 'H26.1.1', version: 1, at: 0 },
  { node: 'H26.1', version: 1, at: 0 },
  { node: 'H26', version: 1, at: 0 },
  { node: 'G22', version: 1, at: 0 },
]
const one = { core, origin: 'H26.1.1', to: [0], segment: 0, path }
const all = { ...one, core: { ...core, recipients: everyone }, to: everyone.map((_, place) => place) }

const bench = new Bench({ time: 500 })
bench
  .add(`compile ${directory.organisations.length} organisations, ${directory.nodes.length} nodes`, () => {
    compileTable('H29', directory, 1, now)
  })
  .add('resolve a listed code', () => {
    table.resolve('H29.3.4.2')
  })
  .add('resolve a closed code to its successor', () => {
    table.resolve('H29.3.4.1')
  })
  .add('resolve an unlisted code by conversion', () => {
    table.resolve('000.00.01.G22')
  })
  .add('resolve an unlisted code by prefix', () => {
    table.resolve('H29.3.4.2.9.9')
  })
  .add('route a segment with one recipient', () => {
    decideTransit(table, { from: 'parent' }, one)
  })
  .add(`route a segment with ${everyone.length} recipients`, () => {
    decideTransit(table, { from: 'parent' }, all)
  })
await bench.run()
for (const task of bench.tasks) {
  const { result } = task
  if (!('latency' in result)) throw new Error(`${task.name} did not run`)
  process.stdout.write(`${task.name}: ${(result.latency.p50 * 1_000).toFixed(2)} µs (median)\n`)
}
