/**
 * The demonstration, from an empty folder to the last line, and nothing left behind.
 *
 *   brokers start ∥ packets are written ∥ clients start → nodes open → five scenarios → accounts are settled → end
 *
 * The nodes live in this process and meet only at brokers; the receiving clients are processes of their own. A keeper
 * removes the data folder even if this process is killed.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Language } from '@lienthong/core'
import { startKeeper } from '@lienthong/test/kit'
import { accessFileOf } from './access.ts'
import { startBrokers } from './brokers.ts'
import { type Cleanup, createCleanup } from './cleanup.ts'
import { writeConnectFile } from './connect-file.ts'
import { writeDemoFile } from './demo-file.ts'
import { catchInterruption } from './interruption.ts'
import { showHowToGoOn } from './keep-page.ts'
import { Ledger } from './ledger.ts'
import type { Play } from './play.ts'
import { createProblems, type Problems } from './problems.ts'
import { prepareProgramme } from './programme.ts'
import { startReceivers } from './receivers.ts'
import { performReorg } from './reorg-demo.ts'
import { createReport, duration, type Report } from './report.ts'
import { bridgeCut } from './scenarios/bridge-cut.ts'
import { centreToAll } from './scenarios/centre-to-all.ts'
import { communeToCommune } from './scenarios/commune-to-commune.ts'
import { statusesBack } from './scenarios/statuses-back.ts'
import { urgentOvertakes } from './scenarios/urgent-overtakes.ts'
import { checkSenders, letArrive, showOutcomes } from './settlement.ts'
import { doorOf, openStage } from './stage.ts'
import { createTrace } from './trace.ts'
import { drawTree, restOrgan, tree } from './tree.ts'

export interface DemoOptions {
  /** One private broker with a vhost per node, or a broker process for each node. */
  readonly brokers: 'one' | 'each'
  /** Shows instead how the tree is re-organised under load. @default false */
  readonly reorg?: boolean
  /** Leave the federation running after the checks, until Ctrl-C. */
  readonly keep: boolean
  readonly lang: Language
  /** Path of the compiled program `lienthong`, for the commands shown with `keep`. */
  readonly cliPath: string
  /** @default standard output */
  readonly output?: NodeJS.WritableStream
  /** Program of the receiving clients that come by control socket; for tests. @default the demonstration's own */
  readonly receivingClient?: string
}

const scenarios = [communeToCommune, centreToAll, bridgeCut, urgentOvertakes, statusesBack] as const

/**
 * Runs the demonstration and resolves to the exit code: 0 when every check held, 1 when one did not (it is named),
 * 130 after Ctrl-C. Brokers, clients, nodes and data are gone by then.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const output = options.output ?? process.stdout
  const report = createReport(options.lang, output)
  const closing = createReport(options.lang, output)
  const problems = createProblems()
  const cleanup = createCleanup((error) => closing.check(false, textOf(error)))
  const interruption = catchInterruption()
  const interrupted = interruption.exitCode.then((exitCode): Ending => ({ exitCode }))
  const house = { report, problems, cleanup, interrupted }
  const show = (options.reorg ? reorganise(options, house) : perform(options, house)).catch(
    (error: unknown): Ending => {
      report.check(false, textOf(error))
      for (const line of problems.recent()) report.line(`    ${line}`)
      return { exitCode: 1 }
    },
  )
  const { exitCode, lastLine } = await Promise.race([show, interrupted])
  // What is still under way after Ctrl-C fails, one thing after the other; that is no news.
  report.mute()
  await closing.during(closing.say('demo.ending'), cleanup.run())
  interruption.release()
  if (lastLine !== undefined) closing.line(lastLine)
  return exitCode === 0 && closing.failures.length > 0 ? 1 : exitCode
}

/** How it ended, and what is said when all has been put away. */
interface Ending {
  readonly exitCode: number
  readonly lastLine?: string
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface House {
  readonly report: Report
  readonly problems: Problems
  readonly cleanup: Cleanup
  readonly interrupted: Promise<Ending>
}

async function reorganise({ cliPath }: DemoOptions, { report, cleanup }: House): Promise<Ending> {
  const { ok, totals } = await performReorg({ report, cleanup, cliPath })
  for (const failure of report.failures) report.line(report.say('demo.result.failed', { check: failure }))
  return { exitCode: ok ? 0 : 1, lastLine: totals }
}

async function perform(options: DemoOptions, house: House): Promise<Ending> {
  const { report } = house
  report.heading(report.say('demo.title'))
  const dir = dataFolder(house.cleanup)
  const play = await prepare(options, house, dir)
  for (const scenario of scenarios) {
    try {
      await scenario(play)
    } catch (error) {
      report.check(false, textOf(error))
      break
    }
  }
  await (report.failures.length === 0 ? checkSenders(play) : letArrive(play))
  await play.receivers.stop()
  const { due, delivered, lost, duplicated, strange } = showOutcomes(play)
  const isRight = lost === 0 && duplicated === 0 && strange === 0 && report.failures.length === 0
  for (const failure of report.failures) report.line(report.say('demo.result.failed', { check: failure }))
  if (!isRight) for (const line of house.problems.recent()) report.line(`    ${line}`)
  const totals = report.say('demo.result.totals', { due, delivered, lost, duplicated })
  if (!isRight) return { exitCode: 1, lastLine: totals }
  if (!options.keep) return { exitCode: 0, lastLine: totals }
  report.line(totals)
  return keepRunning(options, house, { dir, play })
}

/** Brokers, packets and clients side by side, then the nodes. */
async function prepare(options: DemoOptions, { report, problems, cleanup }: House, dir: string): Promise<Play> {
  for (const line of drawTree(({ tier, name }) => `${tier.padEnd(12)}${name}`)) report.line(`  ${line}`)
  report.line()
  const startedAt = performance.now()
  const ledger = new Ledger()
  const trace = createTrace()
  const outgoing = join(dir, 'outgoing')
  const [programme, receivers, brokers] = await Promise.all([
    prepareProgramme(outgoing),
    openReceivers(options, { ledger, cleanup, dir }),
    startBrokers({ brokers: options.brokers, cleanup, report }),
  ])
  report.line(report.say('demo.clients.started', { count: tree.length }))
  const stage = await report.during(
    report.say('demo.stage.opening', { count: tree.length }),
    openStage({ dir, brokers, cleanup, observe: trace.observe, log: problems.log }),
  )
  const took = duration(report.language, performance.now() - startedAt)
  report.line(report.say('demo.stage.open', { count: tree.length, took }))
  return { report, stage, trace, ledger, receivers, programme, outgoing }
}

async function openReceivers(
  { receivingClient: program = programOf('receiving-client') }: DemoOptions,
  { ledger, cleanup, dir }: { readonly ledger: Ledger; readonly cleanup: Cleanup; readonly dir: string },
): Promise<Play['receivers']> {
  const receivers = await startReceivers({
    clients: tree.map(({ id }) => ({
      organ: id,
      args: id === restOrgan ? [programOf('rest-client'), accessFileOf(dir, id)] : [program, id, doorOf(dir, id)],
    })),
    onReport: (read) => ledger.received(read),
  })
  cleanup.after(() => receivers.stop())
  return receivers
}

function programOf(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url))
}

/** A new private folder, removed at the end of the demonstration or of this process. */
function dataFolder(cleanup: Cleanup): string {
  const dir = mkdtempSync(join(tmpdir(), 'lienthong-demo-'))
  const keeper = startKeeper(dir)
  cleanup.after(() => keeper.end())
  return dir
}

/** Says how to go on, and waits for Ctrl-C. */
function keepRunning(
  { cliPath }: DemoOptions,
  { interrupted }: House,
  { dir, play }: { readonly dir: string; readonly play: Play },
): Promise<Ending> {
  const program = cliPath.startsWith(`${process.cwd()}/`) ? 'npx lienthong' : `node ${cliPath}`
  showHowToGoOn(play, { program, demoFile: writeDemoFile(dir, play.stage), connectFile: writeConnectFile(dir, play) })
  return interrupted
}
