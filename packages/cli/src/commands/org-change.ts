/** Single organisations changed from the command line; each change is a version like any other. */
import {
  type AnnouncedOrganisation,
  type Declared,
  type DeclaredVersion,
  dayStart,
  delegationOf,
  lookupKey,
  RelayError,
} from '@lienthong/core'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import type { ControlClient } from '../control/client.ts'
import { changeOptions, propose } from '../declared/propose.ts'
import type { ExitCode } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'

const codeHelp = { positionals: '<code>', positionalHelp: { code: 'help.org.code' } } as const

const factOptions = {
  name: { describe: 'option.org.name', type: 'text' },
  parent: { describe: 'option.org.parent', type: 'text' },
  'old-code': { describe: 'option.org.oldCode', type: 'text' },
  code102: { describe: 'option.org.code102', type: 'text' },
  mail: { describe: 'option.org.mail', type: 'text' },
  from: { describe: 'option.org.from', type: 'text' },
} as const satisfies Record<string, OptionSpec>

/** Fields that can be taken away, by the name of their option. */
const clearable = { 'old-code': 'oldCode', code102: 'code102', mail: 'mail', from: 'validFrom', to: 'validTo' } as const
type Clearable = (typeof clearable)[keyof typeof clearable]

export const orgAddCommand: CommandSpec = {
  path: ['org', 'add'],
  ...codeHelp,
  describe: 'help.org.add',
  options: {
    ...factOptions,
    name: { ...factOptions.name, required: true },
    'former-until': { describe: 'option.org.formerUntil', type: 'text' },
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    {
      command: 'org add H29.18.07 --name "Phòng Tư pháp" --parent H29.18 --reason "QD 12/2026"',
      describe: 'example.orgAdd',
    },
  ],
  run: async (input, context) => {
    const id = input.required('code')
    const until = dayIn(input.text('former-until') ?? dayAfter(Date.now(), formerDays), '--former-until', context)
    const { node, self, current } = await begin(input, context)
    const { organisations } = current.content
    if (find(organisations, id) !== undefined) throw usage(context.say('org.exists', { id }))
    const unit = organisations.some((each) => each.id === self) && id !== self ? self : null
    const taken = await takenFrom(node, { id, self, until })
    const parent = input.text('parent') ?? taken?.parent ?? unit
    const added = { ...taken, id, name: input.required('name'), parent, ...optionalFacts(input) }
    return put(node, current, [...organisations, added], { input, context })
  },
}

export const orgSetCommand: CommandSpec = {
  path: ['org', 'set'],
  ...codeHelp,
  describe: 'help.org.set',
  options: {
    ...factOptions,
    clear: { describe: 'option.org.clear', type: 'list', choices: Object.keys(clearable) },
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    {
      command: 'org set H29.18 --name "Phòng Y tế" --mail yte@h29.example --reason "QD 12/2026"',
      describe: 'example.orgSet',
    },
    { command: 'org set H29.18 --clear mail --reason "QD 12/2026"', describe: 'example.orgClear' },
  ],
  run: async (input, context) => {
    const [name, parent, facts] = [input.text('name'), input.text('parent'), optionalFacts(input)]
    const cleared = input.list('clear').map((option) => clearable[option as keyof typeof clearable])
    const { node, current } = await begin(input, context)
    const was = await declaredHere(node, current.content, input.required('code'), context)
    const now = {
      ...was,
      ...facts,
      ...(name === undefined ? {} : { name }),
      ...(parent === undefined ? {} : { parent }),
    }
    return put(node, current, replaced(current.content.organisations, without(now, cleared)), { input, context })
  },
}

export const orgCloseCommand: CommandSpec = {
  path: ['org', 'close'],
  ...codeHelp,
  describe: 'help.org.close',
  options: {
    on: { describe: 'option.org.on', type: 'text', required: true },
    successor: { describe: 'option.org.successor', type: 'list' },
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    {
      command: 'org close H29.19 --on 2026-12-31 --successor H29.18 --reason "NQ 60/2026"',
      describe: 'example.orgClose',
    },
  ],
  run: async (input, context) => {
    const [validTo, successors] = [dayIn(input.required('on'), '--on', context), input.list('successor')]
    const { node, current } = await begin(input, context)
    const was = await declaredHere(node, current.content, input.required('code'), context)
    const { successors: _former, ...open } = was
    const closed = { ...open, validTo, ...(successors.length === 0 ? {} : { successors }) }
    return put(node, current, replaced(current.content.organisations, closed), { input, context })
  },
}

export const orgMoveCommand: CommandSpec = {
  path: ['org', 'move'],
  ...codeHelp,
  describe: 'help.org.move',
  options: {
    parent: { describe: 'option.org.parent', type: 'text' },
    child: { describe: 'option.org.child', type: 'text' },
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    { command: 'org move H29.18.05 --parent H29.20 --reason "QD 12/2026"', describe: 'example.orgMove' },
    { command: 'org move H29.18 --child H29.18 --reason "QD 12/2026"', describe: 'example.orgMoveNode' },
  ],
  run: async (input, context) => {
    const [parent, child] = [input.text('parent'), input.text('child')]
    if ((parent === undefined) === (child === undefined)) throw usage('--parent | --child')
    const { node, current } = await begin(input, context)
    const { content } = current
    const was = await declaredHere(node, content, input.required('code'), context)
    if (child !== undefined) return moveToChild(was, child, { node, current, input, context })
    const moved = { ...was, parent: parent ?? null }
    return put(node, current, replaced(content.organisations, moved), { input, context })
  },
}

/** Days for which the node that served an organisation may still speak for it: longer than documents are under way. */
const formerDays = 90

/** What the directory says of an organisation that another node serves now; that node will have served it before. */
async function takenFrom(
  node: ControlClient,
  { id, self, until }: { readonly id: string; readonly self: string; readonly until: string },
): Promise<AnnouncedOrganisation | null> {
  const found = await node.organisations.show(id).catch((error: unknown) => {
    if (error instanceof RelayError && error.code === 'NOT_FOUND') return null
    throw error
  })
  if (found === null || lookupKey(found.organisation.id) !== lookupKey(id)) return null
  const { node: server, formerNodes = [], ...facts } = found.organisation
  if (server === self) return null
  return { ...facts, formerNodes: [...formerNodes.filter((each) => each.node !== server), { node: server, until }] }
}

interface Begun {
  readonly node: ControlClient
  readonly self: string
  readonly current: DeclaredVersion
}

interface Doing {
  readonly input: CommandInput
  readonly context: Context
}

async function begin(input: CommandInput, context: Context): Promise<Begun> {
  const node = await chosenNode(input, context)
  const { node: self, current } = await node.declared.view()
  return { node, self, current }
}

/**
 * Two steps, so that its mailbox is never without a node: it is delegated to the child and still served here until
 * the child announces it; asked again, the entry here goes.
 */
async function moveToChild(
  was: AnnouncedOrganisation,
  child: string,
  { node, current, input, context }: Omit<Begun, 'self'> & Doing,
): Promise<ExitCode> {
  const { content } = current
  const receiving = content.children.find(({ id }) => lookupKey(id) === lookupKey(child))
  if (receiving === undefined) throw usage(context.say('org.noChild', { id: child }))
  const { organisation } = await node.organisations.show(was.id)
  if (lookupKey(organisation.node) === lookupKey(receiving.id)) {
    const organisations = content.organisations.filter((each) => each !== was)
    return propose(node, { content: { ...content, organisations }, base: current }, input, context)
  }
  const covered = delegationOf(receiving.delegates).covers(was.id)
  const delegates = covered ? receiving.delegates : [...receiving.delegates, was.id]
  const children = content.children.map((each) => (each === receiving ? { ...each, delegates } : each))
  const next = context.say('org.moveNext', { child: receiving.id, id: was.id, name: was.name })
  const proposal = { content: { ...content, children }, base: current, next }
  const exit = await propose(node, proposal, input, context)
  if (covered && context.format === 'table') await context.note(next)
  return exit
}

function put(
  node: ControlClient,
  current: DeclaredVersion,
  organisations: readonly AnnouncedOrganisation[],
  { input, context }: Doing,
): Promise<ExitCode> {
  return propose(node, { content: { ...current.content, organisations }, base: current }, input, context)
}

/** Throws NOT_FOUND, naming the node that serves it when another one does. */
async function declaredHere(
  node: ControlClient,
  { organisations }: Declared,
  code: string,
  context: Context,
): Promise<AnnouncedOrganisation> {
  const found = find(organisations, code)
  if (found !== undefined) return found
  const { organisation } = await node.organisations.show(code)
  // Found by another of its codes.
  const meant = find(organisations, organisation.id)
  if (meant !== undefined) return meant
  throw usage(context.say('org.elsewhere', { id: organisation.id, node: organisation.node }))
}

function find(organisations: readonly AnnouncedOrganisation[], code: string): AnnouncedOrganisation | undefined {
  return organisations.find(({ id }) => lookupKey(id) === lookupKey(code))
}

function replaced(
  organisations: readonly AnnouncedOrganisation[],
  now: AnnouncedOrganisation,
): readonly AnnouncedOrganisation[] {
  return organisations.map((each) => (each.id === now.id ? now : each))
}

function without(organisation: AnnouncedOrganisation, fields: readonly Clearable[]): AnnouncedOrganisation {
  const kept = Object.entries(organisation).filter(([field]) => !fields.some((cleared) => cleared === field))
  return Object.fromEntries(kept) as unknown as AnnouncedOrganisation
}

function optionalFacts(input: CommandInput): Partial<Record<'oldCode' | 'code102' | 'mail' | 'validFrom', string>> {
  const facts = {
    oldCode: input.text('old-code'),
    code102: input.text('code102'),
    mail: input.text('mail'),
    validFrom: input.text('from'),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

/** `yyyy-MM-dd` in Vietnam, so many days from then. */
function dayAfter(at: number, days: number): string {
  return new Date(at + days * 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10)
}

function dayIn(written: string, option: string, context: Context): string {
  if (dayStart(written) === null) throw usage(context.say('usage.day', { option }))
  return written
}

function usage(reason: string): RelayError {
  return new RelayError('USAGE', { detail: { reason } })
}
