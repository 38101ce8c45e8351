/** What a node declares, its history, and both as files. */
import {
  type Declared,
  type DeclaredVersion,
  nodeOfKid,
  parseWhole,
  RelayError,
  type SheetKind,
  sheetKinds,
  sheetOfDeclared,
  versionText,
} from '@lienthong/core'
import type { DeclaredView, VersionItem } from '@lienthong/gateway/admin-protocol'
import type { CommandSpec, Context } from '../command.ts'
import { versionIn } from '../declared/propose.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable, renderTime } from '../output.ts'
import { writeBody } from '../write-body.ts'

/** Organisations listed by `routes show`; `org list` has them all. */
const shownOrganisations = 50
const defaultHistory = 20

export const routesShowCommand: CommandSpec = {
  path: ['routes', 'show'],
  positionals: '[table-version]',
  positionalHelp: { 'table-version': 'help.routes.version' },
  describe: 'help.routes.show',
  options: nodeOptions,
  examples: [
    { command: 'routes show', describe: 'example.routesShow' },
    { command: 'routes show 1.6 -o json', describe: 'example.routesShowOld' },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const view = await node.declared.view()
    const wanted = input.text('table-version')
    const version = wanted === undefined ? view.current : await node.declared.version(versionIn(wanted))
    await context.print({
      json: { ...view, current: version },
      table: () => viewText({ ...view, current: version }, context),
    })
    return exitCodes.ok
  },
}

export const routesHistoryCommand: CommandSpec = {
  path: ['routes', 'history'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.routes.history',
  options: {
    limit: { describe: 'option.limit', type: 'text', default: String(defaultHistory) },
    before: { describe: 'option.before', type: 'text' },
    ...nodeOptions,
  },
  examples: [{ command: 'routes history --limit 5', describe: 'example.routesHistory' }],
  run: async (input, context) => {
    const { say } = context
    const limit = parseWhole(input.text('limit') ?? String(defaultHistory))
    if (limit === null || limit < 1) throw new RelayError('USAGE', { detail: { reason: '--limit' } })
    const before = input.text('before')
    const node = await chosenNode(input, context)
    const items = await node.declared.history({
      limit,
      ...(before === undefined ? {} : { before: versionIn(before) }),
    })
    const headings = [
      say('heading.version'),
      say('heading.time'),
      say('heading.by'),
      say('heading.changes'),
      say('heading.reason'),
    ]
    const rows = items.map(({ changes, ...item }) => [
      versionText(item),
      renderTime(item.at),
      item.by,
      changes === null ? '' : `+${changes.added} ~${changes.changed} -${changes.removed}`,
      reasonOf(item, context),
    ])
    await context.print({ json: { items }, table: () => renderTable(headings, rows) })
    return exitCodes.ok
  },
}

/** A child that joins or leaves does so by its own key, and says so in the node's own words. */
function reasonOf({ by, reason }: Pick<VersionItem, 'by' | 'reason'>, { say }: Context): string {
  if (nodeOfKid(by) === null) return reason
  return reason === 'join' ? say('history.joined') : reason === 'leave' ? say('history.left') : reason
}

const formats = ['yaml', 'csv', 'xlsx'] as const
type Format = (typeof formats)[number]

export const routesExportCommand: CommandSpec = {
  path: ['routes', 'export'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.routes.export',
  options: {
    out: { describe: 'option.export.out', type: 'text', default: '-' },
    format: { describe: 'option.export.format', type: 'text', choices: formats },
    what: { describe: 'option.export.what', type: 'text', choices: sheetKinds, default: 'organisations' },
    'table-version': { describe: 'option.export.version', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'routes export --out h29.yaml', describe: 'example.routesExport' },
    { command: 'routes export --what organisations --out co-quan.xlsx', describe: 'example.routesExportSheet' },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const view = await node.declared.view()
    const wanted = input.text('table-version')
    const version = wanted === undefined ? view.current : await node.declared.version(versionIn(wanted))
    const out = input.text('out') ?? '-'
    const what = sheetKinds.find((kind) => kind === input.text('what')) ?? 'organisations'
    const body = await exported(view, version, { format: formatOf(input.text('format'), out), what }, context)
    await writeBody(once(body), out, context.terminal)
    if (out === '-') return exitCodes.ok
    await context.print({
      json: { file: out, version: { epoch: version.epoch, version: version.version } },
      table: () => context.say('routes.exported', { file: out, version: versionText(version) }),
    })
    return exitCodes.ok
  },
}

async function exported(
  { node, current }: DeclaredView,
  version: DeclaredVersion,
  { format, what }: { readonly format: Format; readonly what: SheetKind },
  { language, say }: Context,
): Promise<Uint8Array> {
  const { content } = version
  if (format !== 'yaml') {
    const { writeSheet } = await import('../declared/sheet-file.ts')
    const rows = sheetOfDeclared(what, content, { self: node, language })
    return writeSheet(
      rows,
      format === 'csv' ? { form: 'csv', separator: language === 'vi' ? ';' : ',' } : { form: 'xlsx' },
    )
  }
  const { declaredYaml } = await import('../config/declared-yaml.ts')
  // An old content is put on top of what is now.
  const base = { epoch: current.epoch, version: current.version }
  const remark = say('routes.yamlRemark', { node, version: versionText(version) })
  return Buffer.from(declaredYaml(content, { base, remark }))
}

function formatOf(asked: string | undefined, out: string): Format {
  return formats.find((format) => format === asked) ?? formats.find((format) => out.endsWith(`.${format}`)) ?? 'yaml'
}

async function* once(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body
}

function viewText({ node, parent, directoryVersion, current }: DeclaredView, context: Context): string {
  const { say } = context
  const { content } = current
  const facts = renderFacts([
    [say('heading.node'), node],
    [say('heading.parent'), parent ?? say('status.noParent')],
    [say('heading.version'), versionText(current)],
    [say('heading.time'), renderTime(current.at)],
    [say('heading.by'), current.by],
    [say('heading.reason'), current.reason],
    [say('heading.directory'), say('routes.directory', { version: directoryVersion })],
  ])
  return [facts, ...sections(content, context)].join('\n\n')
}

function sections({ children, organisations, groups, exceptions }: Declared, { say }: Context): readonly string[] {
  const section = (title: string, headings: readonly string[], rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : [`${title} (${rows.length})\n${renderTable(headings, rows)}`]
  const hidden = organisations.length - shownOrganisations
  return [
    ...section(
      say('routes.children'),
      [say('heading.node'), say('heading.tier'), say('heading.delegates')],
      children.map(({ id, tier, delegates }) => [id, tier, delegates.join(' ')]),
    ),
    ...(organisations.length === 0
      ? []
      : [
          `${say('routes.organisations')} (${organisations.length})\n${renderTable(
            [say('heading.code'), say('heading.name'), say('heading.parent'), say('heading.validTo')],
            organisations
              .slice(0, shownOrganisations)
              .map(({ id, name, parent, validTo }) => [id, name, parent ?? '', validTo ?? '']),
          )}`,
        ]),
    ...(hidden > 0 ? [say('routes.moreOrganisations', { count: hidden })] : []),
    ...section(
      say('routes.groups'),
      [say('heading.name'), say('heading.members')],
      Object.entries(groups).map(([name, members]) => [name, members.join(' ')]),
    ),
    ...section(
      say('routes.exceptions'),
      [say('heading.code'), say('heading.effect'), say('heading.until'), say('heading.reason')],
      exceptions.map((each) => [
        each.organ,
        'hold' in each ? say('routes.hold') : say('routes.redirect', { node: each.redirect }),
        each.until ?? '',
        each.reason,
      ]),
    ),
  ]
}
