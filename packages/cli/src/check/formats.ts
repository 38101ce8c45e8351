/** The result of a check in the form a person or a monitoring system reads. */
import { type HealthLevel, healthLevels, worstLevel } from '@lienthong/core'
import type { Context } from '../command.ts'
import { renderTable } from '../output.ts'
import { levelOfMeasure, type Measure } from './measures.ts'

export const checkFormats = ['text', 'json', 'nagios', 'prometheus'] as const
export type CheckFormat = (typeof checkFormats)[number]

export interface CheckResult {
  /** `link`, `queue` … */
  readonly check: string
  /** null when it could not be asked. */
  readonly node: string | null
  readonly measures: readonly Measure[]
  /** Why nothing could be measured. */
  readonly failure: { readonly code: string; readonly level: HealthLevel } | null
}

export function levelOfResult({ measures, failure }: CheckResult): HealthLevel {
  return failure === null ? worstLevel(measures.map(levelOfMeasure)) : failure.level
}

export function jsonResult(result: CheckResult): unknown {
  const { check, node, failure, measures } = result
  return {
    check,
    node,
    level: levelOfResult(result),
    ...(failure === null ? {} : { code: failure.code }),
    measures: measures.map((measure) => ({ ...measure, level: levelOfMeasure(measure) })),
  }
}

export function textResult(result: CheckResult, { say }: Context): string {
  const level = levelOfResult(result)
  const first = `${result.check}: ${say(`check.${level}`)}${result.failure === null ? '' : ` [${result.failure.code}]`}`
  if (result.measures.length === 0) return first
  const headings = [
    say('heading.state'),
    say('heading.measure'),
    say('heading.about'),
    say('heading.value'),
    say('heading.bounds'),
    say('heading.why'),
  ]
  const rows = result.measures.map((measure) => [
    say(`check.${levelOfMeasure(measure)}`),
    measure.name,
    measure.about,
    valueText(measure),
    measure.bound === null ? '' : `${measure.bound.warning} / ${measure.bound.critical}`,
    measure.notes.join(', '),
  ])
  return `${first}\n\n${renderTable(headings, rows)}`
}

/** One line: what is bad first, then every figure [monitoring plugins, performance data]. */
export function nagiosResult(result: CheckResult): string {
  const level = levelOfResult(result)
  const bad = result.measures.filter((measure) => levelOfMeasure(measure) !== 'ok')
  const shown = (bad.length === 0 ? result.measures.filter(({ bound }) => bound !== null) : bad).map((measure) =>
    [measure.about, measure.name, valueText(measure), ...measure.notes].filter((word) => word !== '').join(' '),
  )
  const text = result.failure === null ? shown.join('; ') : result.failure.code
  const head = [`${result.check.toUpperCase()} ${level.toUpperCase()}`, ...(text === '' ? [] : [plainText(text)])]
  const figures = result.measures.flatMap(({ about, name, value, unit, bound }) => {
    if (value === null) return []
    const label = plainText(about === '' ? name : `${about} ${name}`)
      .replaceAll("'", '')
      .replaceAll('=', '')
    const limits = bound === null ? '' : `;${range(bound.warning, bound.bad)};${range(bound.critical, bound.bad)}`
    return [`'${label}'=${rounded(value)}${unit === 'd' ? '' : unit}${limits}`]
  })
  return [head.join(' - '), ...(figures.length === 0 ? [] : [figures.join(' ')])].join(' | ')
}

/** `10` alerts at 10 and above, `10:` at less than 10. */
function range(limit: number, bad: 'above' | 'below'): string {
  return bad === 'above' ? String(limit) : `${limit}:`
}

/** For the textfile collector of a node exporter. */
export function prometheusResult(result: CheckResult): string {
  const { check, node } = result
  const own = [`node="${labelText(node ?? '')}"`]
  const names = [...new Set(result.measures.map(({ name }) => name))]
  const lines = names.flatMap((name) => {
    const metric = `lienthong_check_${check}_${name}`
    const rows = result.measures.filter((measure) => measure.name === name && measure.value !== null)
    return [
      typeLine(metric),
      ...rows.map(({ about, value }) => {
        const labels = about === '' ? own : [...own, `about="${labelText(about)}"`]
        return `${metric}{${labels.join(',')}} ${rounded(value ?? 0)}`
      }),
    ]
  })
  return [
    ...lines,
    typeLine('lienthong_check_level'),
    `lienthong_check_level{${[...own, `check="${check}"`].join(',')}} ${healthLevels[levelOfResult(result)]}`,
  ].join('\n')
}

function typeLine(metric: string): string {
  return `# TYPE ${metric} gauge`
}

function valueText({ value, unit }: Measure): string {
  return value === null ? '' : `${rounded(value)}${unit}`
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A bar begins the figures. */
function plainText(text: string): string {
  return text.replace(/[|\p{Cc}]/gu, ' ')
}

function labelText(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')
}
