/** Types what the pages of the handbook say, at machines that begin empty, and holds the answers against those in the pages. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Teardown, temporaryFolder, waitFor } from '../kit/index.ts'
import { fillDisk } from './full-disk.ts'
import { type Answer, type Machine, openMachine, type Site } from './machine.ts'
import { lacksOwnDisk } from './own-disk.ts'
import { type HandbookLanguage, missingLine, type Step, stepsIn, type Typed } from './page.ts'
import { elsewhere, runHere } from './root-commands.ts'

/** For an answer that takes its time: a link that opens, a fault that is noticed. */
const answerDeadlineMs = 90_000

/** Asks and changes nothing: it may be typed again until the answer is there. */
const asking =
  /^(?:lienthong (?:status|doctor|check|where|track|ping|trace|bridge check|mailbox list|link (?:list|show)|routes (?:show|history|explain|test|check|plan)|reorg (?:plan|status)|org (?:list|show|search)|node (?:invitations|check-config)|alert list|system list|tls show|key show|support list)|rabbitmq-diagnostics|rabbitmqctl list_)\b/

export interface Walk {
  readonly machines: ReadonlyMap<string, Machine>
  /** Every step of a page. `as`: at the machine of another node, whose code stands in place of H29. */
  page(name: string, as?: string): Promise<void>
  /** Where steps were left out, and what this system lacks for them. */
  readonly leftOut: string[]
}

export function openWalk(language: HandbookLanguage, teardown: Teardown): Walk {
  const site: Site = { folder: temporaryFolder(teardown), language, teardown, names: new Map() }
  mkdirSync(join(site.folder, 'usb'))
  const machines = new Map<string, Machine>()
  const leftOut: string[] = []
  let whenThereIsRoom = async (): Promise<void> => undefined

  async function machineOf(id: string): Promise<Machine> {
    const known = machines.get(id)
    if (known !== undefined) return known
    // A commune without a machine of its own runs beside its province.
    const made = await openMachine(id, site, id === 'H29.19' ? machines.get('H29') : undefined)
    machines.set(id, made)
    return made
  }

  async function type(typed: Typed, page: string): Promise<void> {
    const machine = await machineOf(typed.machine)
    const at = `${language}/${page}:${typed.line}`
    const answer = typed.root
      ? await typeAsRoot(machine, typed.commands, at)
      : await machine.shell(typed.commands, false)
    if (isAnswered(typed, answer)) return
    const lines = typed.commands.trim().split('\n')
    let last = answer
    if (lines.every((line) => asking.test(line))) {
      await waitFor(
        async () => {
          last = await machine.shell(typed.commands, false)
          return isAnswered(typed, last)
        },
        { what: at, deadlineMs: answerDeadlineMs },
      ).catch(() => undefined)
    }
    if (isAnswered(typed, last)) return
    const missing = typed.answer === null ? null : missingLine(typed.answer, last.output)
    assert.fail(
      `${at}: ${missing === null ? `exit ${last.exitCode}` : `no line "${missing}" (exit ${last.exitCode})`}\n${typed.commands}${last.output}`,
    )
  }

  async function typeAsRoot(machine: Machine, commands: string, at: string): Promise<Answer> {
    let output = ''
    for (const line of commands.trim().split('\n')) {
      if (elsewhere.some(({ command }) => command.test(line))) continue
      const [, verb = '', service = ''] = /^systemctl (enable --now|start|restart|stop) (\S+)$/.exec(line) ?? []
      if (service === 'rabbitmq-server') await machine.restartBroker()
      else if (service.startsWith('lienthong@')) {
        const node = service.slice('lienthong@'.length)
        if (verb === 'stop' || verb === 'restart') await machine.stopService(node)
        if (verb !== 'stop') await machine.startService(node)
      } else {
        assert.match(line, runHere, `${at}: nobody tests "${line}"`)
        // Accounts of a real machine.
        const typed = line.replace(/ -o \w+ -g \w+/, '').replace(/^tar -C \/ /, 'tar -C . ')
        const { exitCode, output: said } = await machine.shell(typed, true)
        output += said
        if (exitCode !== 0) return { exitCode, output: `${line}\n${output}` }
      }
    }
    return { exitCode: 0, output }
  }

  /** By the words of `<!-- test: … -->`, which name the machine too. */
  const happenings: Readonly<Record<string, (machine: Machine) => unknown>> = {
    'line-cut': (machine) => machine.line?.setMode('refuse'),
    'line-back': (machine) => machine.line?.setMode('pass'),
    'node-made': async (machine) => makeHosted(machine, await machineOf('H29')),
    'node-killed': (machine) => machine.stopService(machine.id),
    'broker-killed': ({ broker }) => broker.kill(),
    'broker-lost': async ({ broker }) => {
      await broker.kill()
      broker.wipe()
    },
    'disk-alarm': (machine) => machine.shell('rabbitmqctl set_disk_free_limit 1000000000000000', true),
    'disk-freed': (machine) => machine.shell('rabbitmqctl set_disk_free_limit 50MB', true),
    'disk-full': async (machine) => {
      whenThereIsRoom = await fillDisk(machine, await machineOf('H29.18'))
    },
    'disk-room': () => whenThereIsRoom(),
    'certificate-ended': endCertificate,
  }

  async function happen(words: string, at: string): Promise<void> {
    const [what = '', id = ''] = words.split(' ')
    const happening = happenings[what] ?? assert.fail(`${at}: nobody knows what "${words}" is`)
    await happening(await machineOf(id))
  }

  return {
    machines,
    leftOut,
    async page(name, as) {
      let isLeftOut = false
      for (const step of stepsIn(language, name).map((each) => (as === undefined ? each : asNode(each, as)))) {
        if ('typed' in step) {
          if (!isLeftOut) await type(step.typed, name)
          continue
        }
        const at = `${language}/${name}:${step.line}`
        const lack = step.happening.startsWith('disk-full ') ? lacksOwnDisk() : null
        if (lack !== null) leftOut.push(`${at} ${lack}`)
        if (lack === null && !isLeftOut) await happen(step.happening, at)
        isLeftOut = lack !== null
      }
    },
  }
}

/** The node of a commune that runs, at the broker of its host. */
async function makeHosted(machine: Machine, host: Machine): Promise<void> {
  const { id } = machine
  const folder = machine.place(`etc/lienthong/${id}`)
  mkdirSync(folder)
  copyFileSync(host.place(`etc/lienthong/${host.id}/broker.password`), join(folder, 'broker.password'))
  const made = await machine.shell(
    `lienthong node init ${id} --folder . --data /var/lib/lienthong/${id} --name ${id} --password-file broker.password`,
    false,
  )
  assert.equal(made.exitCode, 0, made.output)
  await machine.startService(id)
  await waitFor(async () => (await machine.shell('lienthong status', false)).exitCode === 0, {
    what: `${id} to answer`,
    deadlineMs: answerDeadlineMs,
  })
}

/** The certificate that children see ends a second from now; what was connected comes again. */
async function endCertificate(machine: Machine): Promise<void> {
  const name = `mq.${machine.id.toLowerCase()}.example`
  const made = await machine.shell(
    `lienthong tls issue ${name} --ca /etc/lienthong/tls --renew --valid-for 1s
install -m 0640 /etc/lienthong/tls/${name}.pem /etc/rabbitmq/tls/broker.pem
rabbitmqctl eval 'ssl:clear_pem_cache().'`,
    true,
  )
  assert.equal(made.exitCode, 0, made.output)
  const end = Date.now() + 1_500
  await waitFor(() => Date.now() > end, { what: 'the certificate to end' })
  machine.line?.dropAll()
}

function isAnswered({ exitCode, answer }: Typed, { exitCode: actual, output }: Answer): boolean {
  return actual === exitCode && (answer === null || missingLine(answer, output) === null)
}

function asNode(step: Step, id: string): Step {
  const text = JSON.stringify(step).replaceAll('H29', id).replaceAll('h29', id.toLowerCase())
  return JSON.parse(text) as Step
}
