import { type GeneratorOptions, generate } from './generator.ts'
import { checkGuarantees } from './invariants.ts'
import { allMechanisms, type Mechanisms } from './mechanisms.ts'
import type { Violation } from './observer.ts'
import type { Theme } from './scenario.ts'
import { runWorld, type Trace } from './world.ts'

export interface RunReport {
  readonly seed: number
  readonly options: GeneratorOptions
  readonly theme: Theme
  readonly nodes: number
  readonly duties: number
  readonly steps: number
  readonly virtualMs: number
  readonly violations: readonly Violation[]
}

/** Draws, runs and judges one seed. The same arguments give the same report. */
export function simulate(
  seed: number,
  options: GeneratorOptions = {},
  without: Partial<Mechanisms> = {},
  trace: Trace = null,
): RunReport {
  const scenario = generate(seed, options)
  const world = runWorld(scenario, { mechanisms: { ...allMechanisms, ...without }, trace })
  // A run that was stopped for a violation is not at rest: what it left undone says nothing more.
  const seen = world.observer.violations
  const violations = seen.length > 0 ? seen : checkGuarantees(world)
  return {
    seed,
    options,
    theme: scenario.theme,
    nodes: world.nodes.size,
    duties: world.observer.duties.length,
    steps: world.scheduler.steps,
    virtualMs: world.scheduler.now,
    violations,
  }
}

/** A report for people: what broke, and the line that runs it again. */
export function describe(report: RunReport): string {
  const lines = report.violations.slice(0, 20).map(({ guarantee, at, text }) => `  ${guarantee} at ${at} ms: ${text}`)
  const flags = Object.entries(report.options)
    .map(([name, value]) => ` --${name} ${value}`)
    .join('')
  return [
    `seed ${report.seed} (${report.theme}, ${report.nodes} nodes, ${report.duties} recipients, ${report.steps} steps) broke:`,
    ...lines,
    `again: node test/dist/simulation/replay.js --seed ${report.seed}${flags}`,
  ].join('\n')
}
