/** Runs seeds again: `node test/dist/simulation/replay.js --seed N [--to M] [--nodes N] [--documents N] [--theme T] [--trace UID]`. */
import { parseArgs } from 'node:util'
import { themes } from './scenario.ts'
import { describe, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    to: { type: 'string' },
    nodes: { type: 'string' },
    documents: { type: 'string' },
    faults: { type: 'string' },
    theme: { type: 'string' },
    trace: { type: 'string' },
  },
})
const first = Number(values.seed ?? 1)
const last = Number(values.to ?? first)
const theme = themes.find((known) => known === values.theme)
const options = {
  ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }),
  ...(values.documents === undefined ? {} : { documents: Number(values.documents) }),
  ...(values.faults === undefined ? {} : { faults: Number(values.faults) }),
  ...(theme === undefined ? {} : { theme }),
}
const trace =
  values.trace === undefined
    ? null
    : (line: string) => {
        if (line.split(' ').includes(values.trace ?? '')) process.stdout.write(`${line}\n`)
      }
let failed = 0
let steps = 0
const started = performance.now()
for (let seed = first; seed <= last; seed++) {
  const report = simulate(seed, options, {}, trace)
  steps += report.steps
  if (report.violations.length === 0) continue
  failed += 1
  process.stdout.write(`${describe(report)}\n`)
}
const seconds = (performance.now() - started) / 1000
const runs = last - first + 1
process.stdout.write(
  `${runs} seeds, ${failed} failed, ${steps} steps, ${seconds.toFixed(1)} s (${(runs / seconds).toFixed(1)} seeds/s)\n`,
)
process.exitCode = failed === 0 ? 0 : 1
