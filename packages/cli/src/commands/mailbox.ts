import { parseWhole, RelayError } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderBytes, renderFacts, renderTable, renderTime } from '../output.ts'
import { writeBody } from '../write-body.ts'

const mailboxOptions = {
  as: { describe: 'option.asReceiver', type: 'text', required: true },
  ...nodeOptions,
} as const satisfies Record<string, OptionSpec>

export const mailboxListCommand: CommandSpec = {
  path: ['mailbox', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.mailbox.list',
  options: {
    ...mailboxOptions,
    all: { describe: 'option.all', type: 'flag' },
    after: { describe: 'option.after', type: 'text', default: '0' },
    limit: { describe: 'option.limit', type: 'text', default: '100' },
  },
  examples: [
    { command: 'mailbox list --as H26.10', describe: 'example.mailboxList' },
    { command: 'mailbox list --as H26.10 --all -o json', describe: 'example.mailboxListAll' },
  ],
  run: async (input, context) => {
    const options = { after: wholeOption(input, 'after', 0), limit: wholeOption(input, 'limit', 100) }
    const node = await chosenNode(input, context)
    const page = await node.list(input.required('as'), { ...options, all: input.flag('all') })
    await context.print({ json: page, table: () => mailTable(page.items, context) })
    if (page.next !== null && context.format === 'table') {
      await context.note(context.say('mailbox.more', { after: page.next }))
    }
    return exitCodes.ok
  },
}

export const mailboxReadCommand: CommandSpec = {
  path: ['mailbox', 'read'],
  positionals: '<id>',
  positionalHelp: { id: 'help.mailbox.id' },
  describe: 'help.mailbox.read',
  options: { ...mailboxOptions, out: { describe: 'option.out', type: 'text', required: true } },
  examples: [
    { command: 'mailbox read 12 --as H26.10 --out den-12.edxml', describe: 'example.mailboxRead' },
    { command: 'mailbox read 12 --as H26.10 --out - | sha256sum', describe: 'example.mailboxReadPipe' },
  ],
  run: async (input, context) => {
    const out = input.required('out')
    const node = await chosenNode(input, context)
    const { item, body } = await node.read(input.required('as'), mailId(input.required('id')))
    await writeBody(body, out, context.terminal)
    // With `--out -` the packet is all there is on standard output.
    if (out !== '-') await context.print({ json: item, table: () => mailFacts(item, out, context) })
    return exitCodes.ok
  },
}

export const mailboxAckCommand: CommandSpec = {
  path: ['mailbox', 'ack'],
  positionals: '<id..>',
  positionalHelp: { id: 'help.mailbox.ids' },
  describe: 'help.mailbox.ack',
  options: mailboxOptions,
  examples: [{ command: 'mailbox ack 12 13 --as H26.10', describe: 'example.mailboxAck' }],
  run: async (input, context) => {
    const ids = input.list('id').map(mailId)
    const node = await chosenNode(input, context)
    const items: MailItem[] = []
    for (const id of ids) items.push(await node.acknowledge(input.required('as'), id))
    await context.print({ json: { items }, table: () => mailTable(items, context) })
    return exitCodes.ok
  },
}

function mailTable(items: readonly MailItem[], { say }: Context): string {
  if (items.length === 0) return say('mailbox.empty')
  const headings = [
    say('heading.id'),
    say('heading.delivered'),
    say('heading.from'),
    say('heading.number'),
    say('heading.size'),
    say('heading.collected'),
    say('heading.subject'),
  ]
  const rows = items.map((item) => [
    String(item.id),
    renderTime(item.deliveredAt),
    item.from,
    item.headline.number ?? '',
    renderBytes(item.payload.size),
    renderTime(item.collectedAt),
    item.headline.subject ?? '',
  ])
  return renderTable(headings, rows)
}

function mailFacts(item: MailItem, out: string, { say }: Context): string {
  return renderFacts([
    [say('heading.file'), out],
    [say('heading.uid'), item.uid],
    [say('heading.from'), item.from],
    [say('heading.documentId'), item.documentId],
    [say('heading.number'), item.headline.number ?? ''],
    [say('heading.subject'), item.headline.subject ?? ''],
    [say('heading.size'), renderBytes(item.payload.size)],
    [say('heading.sha256'), item.payload.sha256],
    [say('heading.path'), item.path.map(({ node }) => node).join(' → ')],
  ])
}

function mailId(written: string): number {
  const id = parseWhole(written)
  if (id === null) throw new RelayError('USAGE', { detail: { reason: `ID "${written}"` } })
  return id
}

function wholeOption(input: CommandInput, name: string, fallback: number): number {
  const written = input.text(name)
  if (written === undefined) return fallback
  const value = parseWhole(written)
  if (value === null) throw new RelayError('USAGE', { detail: { reason: `--${name} "${written}"` } })
  return value
}
