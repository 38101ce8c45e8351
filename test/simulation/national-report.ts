/** The figures of a national run for people. */

import type { NationalReport, Spread } from './national-figures.ts'
import type { Copies } from './national-measure.ts'

export function describeNational(report: NationalReport): string {
  const { nodes, copies, deliveryMs, linkBytes, reform } = report
  const lines: [string, string][] = [
    ['nodes', reform === null ? whole(nodes.before) : `${whole(nodes.before)} before, ${whole(nodes.after)} after`],
    ['documents', `${whole(report.documents)} to ${whole(report.deliveries)} recipients`],
    ['lost', whole(report.lost)],
    ['duplicated', whole(report.duplicated)],
    ['deferred, sent back', `${counts(report.deferred)}; ${counts(report.refused)}`],
    ['copies, day', describeCopies(copies.day)],
    ['delivery, day', milliseconds(deliveryMs.day)],
    ['delivery, directive', milliseconds(deliveryMs.directive)],
    ['bytes per link', `${spread(linkBytes, megabytes)} (${linkBytes.busiest}), ${megabytes(linkBytes.total)} in all`],
    ...report.tables.map(({ organisations, open, nodes: count, bytes, compileMs }): [string, string] => [
      `table of ${whole(count)} nodes`,
      `${whole(organisations)} organisations, ${whole(open)} open; ${megabytes(bytes)}, compiled in ${whole(compileMs)} ms`,
    ]),
  ]
  if (reform !== null && copies.reform !== null && deliveryMs.reform !== null) {
    lines.push(
      [
        'reform',
        `${whole(reform.rejoined)} nodes joined elsewhere, ${whole(reform.left)} left, ${reform.batches} batches`,
      ],
      ['links down', whole(reform.linksDown)],
      ['copies, reform', describeCopies(copies.reform)],
      ['delivery, reform', milliseconds(deliveryMs.reform)],
      [
        'a change is known',
        `${spread(reform.learnedMs, seconds)}; judged, merged and compiled in ${milliseconds(reform.batchMs)}`,
      ],
      ['all over after', `${seconds(reform.convergedMs)} from midnight; ${whole(reform.unaware)} nodes unaware`],
    )
  }
  lines.push([
    'simulator',
    `${whole(report.steps)} steps, ${whole(report.processorSeconds)} s of processor time (${whole(report.seconds)} s), ${megabytes(report.peakMemoryBytes)} of memory`,
  ])
  const broken = report.violations.slice(0, 20).map(({ guarantee, at, text }) => `${guarantee} at ${at} ms: ${text}`)
  return [...lines.map(([name, value]) => `${name.padEnd(22)} ${value}`), ...broken, ''].join('\n')
}

function counts(byCode: Readonly<Record<string, number>>): string {
  const all = Object.entries(byCode).map(([code, count]) => `${code} ${whole(count)}`)
  return all.length === 0 ? 'none' : all.join(', ')
}

function describeCopies({ copies, minimum }: Copies): string {
  return `${whole(copies)} segments over links, ${whole(minimum)} needed`
}

function spread({ p50, p99, max }: Spread, text: (value: number) => string): string {
  return `p50 ${text(p50)}, p99 ${text(p99)}, max ${text(max)}`
}

function milliseconds(value: Spread): string {
  return spread(value, (each) => (each < 10_000 ? `${whole(each)} ms` : seconds(each)))
}

function seconds(ms: number): string {
  return `${whole(ms / 1000)} s`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
