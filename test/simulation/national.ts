/** A whole country in one process; see `help`. */
import { parseArgs } from 'node:util'
import { smallCountry, wholeCountry } from './national-country.ts'
import { describeNational } from './national-report.ts'
import { type Progress, runNational } from './national-run.ts'

const help = `A working day of the country, then 1 July 2025 while documents flow and links are down.

  node test/dist/simulation/national.js [options]

  --small           127 nodes instead of 10,816: seconds instead of minutes
  --seed N          another run (default 1)
  --peak N          N times an average day of July 2022 (default 1)
  --links-down N    of a hundred links, on the day of the reform (default 1)
  --no-reform       the day only
  -o json           figures for programs (default text)

  node test/dist/simulation/national.js --small --peak 100 --links-down 10
`
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    peak: { type: 'string', default: '1' },
    'links-down': { type: 'string', default: '1' },
    'no-reform': { type: 'boolean', default: false },
    output: { type: 'string', short: 'o', default: 'text' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

function main(): void {
  if (values.help) return void process.stdout.write(help)
  const report = runNational({
    seed: Number(values.seed),
    size: values.small ? smallCountry : wholeCountry,
    peak: Number(values.peak),
    reform: !values['no-reform'],
    linksDown: Number(values['links-down']),
    onProgress: tellProgress(),
  })
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : describeNational(report))
  process.exitCode = report.violations.length === 0 ? 0 : 1
}

/** A line on standard error every two seconds. */
function tellProgress(): (progress: Progress) => void {
  const begun = performance.now()
  let next = begun + 2_000
  return ({ virtualMs, steps, delivered }) => {
    const now = performance.now()
    if (now < next) return
    next = now + 2_000
    const clock = new Date(virtualMs).toISOString().slice(11, 19)
    const line = `${((now - begun) / 1000).toFixed(0)} s: hour ${clock}, ${steps} steps, ${delivered} delivered`
    process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`)
  }
}

main()
