/** Support bundles that nodes below have sent here. */
import { parseWhole, RelayError } from '@lienthong/core'
import type { BundleRecord } from '@lienthong/store'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderBytes, renderFacts, renderTable, renderTime } from '../output.ts'
import { contentsOf, meaningOf } from '../support/contents.ts'
import { writeBody } from '../write-body.ts'

const oneBundle = { positionals: '<id>', positionalHelp: { id: 'help.support.id' } } as const

export const supportListCommand: CommandSpec = {
  path: ['support', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.support.list',
  options: nodeOptions,
  examples: [{ command: 'support list', describe: 'example.supportList' }],
  run: async (input, context) => {
    const items = await (await chosenNode(input, context)).bundles.list()
    await context.print({ json: { items }, table: () => listText(items, context) })
    return exitCodes.ok
  },
}

export const supportShowCommand: CommandSpec = {
  path: ['support', 'show'],
  ...oneBundle,
  describe: 'help.support.show',
  options: nodeOptions,
  examples: [{ command: 'support show 3', describe: 'example.supportShow' }],
  run: async (input, context) => {
    const { say } = context
    const { bundle, body } = await (await chosenNode(input, context)).bundles.read(bundleId(input))
    const contents = await contentsOf(body, String(bundle.id))
    const items = contents.map(({ name, bytes }) => {
      const what = meaningOf(name)
      return { name, bytes, what: what === null ? '' : say(what) }
    })
    const headings = [say('heading.file'), say('heading.size'), say('support.what')]
    const rows = items.map(({ name, bytes, what }) => [name, renderBytes(bytes), what])
    await context.print({
      json: { bundle, items },
      table: () => `${factsText(bundle, context)}\n\n${renderTable(headings, rows)}`,
    })
    return exitCodes.ok
  },
}

export const supportSaveCommand: CommandSpec = {
  path: ['support', 'save'],
  ...oneBundle,
  describe: 'help.support.save',
  options: { out: { describe: 'option.support.out', type: 'text', required: true }, ...nodeOptions },
  examples: [{ command: 'support save 3 --out xa.tar.gz', describe: 'example.supportSave' }],
  run: async (input, context) => {
    const out = input.required('out')
    const { bundle, body } = await (await chosenNode(input, context)).bundles.read(bundleId(input))
    await writeBody(body, out, context.terminal, { mode: 0o600 })
    // With `--out -` the archive is all there is on standard output.
    if (out !== '-') await context.print({ json: { ...bundle, file: out }, table: () => factsText(bundle, context) })
    return exitCodes.ok
  },
}

export const supportDeleteCommand: CommandSpec = {
  path: ['support', 'delete'],
  ...oneBundle,
  describe: 'help.support.delete',
  options: nodeOptions,
  examples: [{ command: 'support delete 3', describe: 'example.supportDelete' }],
  run: async (input, context) => {
    const bundle = await (await chosenNode(input, context)).bundles.remove(bundleId(input))
    await context.print({ json: bundle, table: () => factsText(bundle, context) })
    return exitCodes.ok
  },
}

function bundleId(input: CommandInput): number {
  const written = input.required('id')
  const id = parseWhole(written)
  if (id === null) throw new RelayError('USAGE', { detail: { reason: `ID "${written}"` } })
  return id
}

function listText(items: readonly BundleRecord[], { say }: Context): string {
  if (items.length === 0) return say('support.none')
  const headings = [
    say('heading.id'),
    say('heading.child'),
    say('heading.support.received'),
    say('heading.size'),
    say('heading.sha256'),
  ]
  const rows = items.map(({ id, child, receivedAt, size, sha256 }) => {
    return [String(id), child, renderTime(receivedAt), renderBytes(size), sha256]
  })
  return renderTable(headings, rows)
}

function factsText({ id, child, sentAt, receivedAt, size, sha256 }: BundleRecord, { say }: Context): string {
  return renderFacts([
    [say('heading.id'), String(id)],
    [say('heading.child'), child],
    [say('heading.support.sent'), renderTime(sentAt)],
    [say('heading.support.received'), renderTime(receivedAt)],
    [say('heading.size'), renderBytes(size)],
    [say('heading.sha256'), sha256],
  ])
}
