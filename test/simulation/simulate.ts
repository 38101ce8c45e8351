import { type GeneratorOptions, generate } from './generator.ts'
import { checkGuarantees } from './invariants.ts'
import { allMechanisms, type Mechanisms } from './mechanisms.ts'
import type { Violation } from './observer.ts'
import type { Theme } from './scenario.ts'
import { runWorld } from './world.ts'

export interface RunReport {
  readonly seed: number
  readonly theme: Theme
  readonly nodes: number
  readonly duties: number
  readonly steps: number
  readonly virtualMs: number
  readonly violations: readonly Violation[]
}

/** Draws, runs and judges one seed. The same arguments give the same report. */
export function simulate(seed: number, options: GeneratorOptions = {}, without: Partial<Mechanisms> = {}): RunReport {
  const scenario = generate(seed, options)
  const { world } = runWorld(scenario, { ...allMechanisms, ...without })
  const violations = checkGuarantees(world)
  return {
    seed,
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
  return [
    `seed ${report.seed} (${report.theme}, ${report.nodes} nodes, ${report.duties} recipients, ${report.steps} steps) broke:`,
    ...lines,
    `again: node test/dist/simulation/replay.js --seed ${report.seed}`,
  ].join('\n')
}
