/** The demonstration left running as a process of its own, with shells beside it as somebody would use them who copies its lines. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type FinishedProcess,
  type RunningProcess,
  runProcess,
  startProcess,
  type Teardown,
  temporaryFolder,
  waitFor,
} from '../kit/index.ts'
import { standardPath } from '../kit/processes.ts'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const program = join(root, 'packages/cli/dist/src/main.js')
/** The one that Debian's packages are for. */
export const python = '/usr/bin/python3'

const showDeadlineMs = 300_000
const blockDeadlineMs = 120_000

/** What a test uses of demo.json. */
export interface DemoFile {
  readonly nodes: readonly {
    readonly id: string
    readonly http: string
    readonly rest: string
    readonly config: string
    readonly system: { readonly id: string; readonly vxpSecret: string; readonly apiKey: string }
  }[]
  readonly systems: readonly { readonly systemId: string; readonly organisation: string }[]
}

export interface KeptDemo {
  readonly process: RunningProcess
  /** Holds everything the demonstration has made. */
  readonly folder: string
  readonly file: string
  readonly content: DemoFile
  node(id: string): DemoFile['nodes'][number]
  /** Lines of its last page that lie between two others, without their indent. */
  linesBetween(first: RegExp, last: RegExp): readonly string[]
  /** Runs commands in a shell that has read the file for the pages. Rejects unless all of them succeed. */
  shell(commands: string): Promise<FinishedProcess>
  /** Where these commands run: looks like the checkout. */
  readonly workingDir: string
}

/** Resolves when the show is over. */
export async function keepDemo(teardown: Teardown): Promise<KeptDemo> {
  const folder = temporaryFolder(teardown)
  const demo = await startProcess({
    args: [program, 'demo', '--keep', '--lang', 'en'],
    env: { TMPDIR: folder },
    teardown,
  })
  await waitFor(
    () => {
      assert.ok(demo.alive, demo.stdout + demo.stderr)
      return demo.stdout.includes('Ctrl-C ends it')
    },
    { what: 'the show to be over', deadlineMs: showDeadlineMs },
  )
  const found = (name: RegExp) => name.exec(demo.stdout)?.[0] ?? assert.fail(demo.stdout)
  const file = found(/\S+demo\.json/)
  const connectFile = found(/\S+connect\.sh/)
  const content = JSON.parse(readFileSync(file, 'utf8')) as DemoFile
  const workingDir = checkoutFor(teardown)
  return {
    process: demo,
    folder,
    file,
    content,
    workingDir,
    node: (id) => content.nodes.find((node) => node.id === id) ?? assert.fail(id),
    linesBetween(first, last) {
      const lines = demo.stdout.split('\n')
      const start = lines.findIndex((line) => first.test(line)) + 1
      const length = lines.slice(start).findIndex((line) => last.test(line))
      assert.ok(start > 0 && length > 0, demo.stdout)
      return lines.slice(start, start + length).map((line) => line.trim())
    },
    async shell(commands) {
      const ended = await runProcess({
        command: '/bin/bash',
        args: ['-euo', 'pipefail', '-c', `. ${connectFile}\n${commands}`],
        cwd: workingDir,
        env: { PATH: `${join(workingDir, 'bin')}:${standardPath}`, TMPDIR: folder },
        deadlineMs: blockDeadlineMs,
        teardown,
      })
      assert.equal(ended.exitCode, 0, `${commands}\n${ended.stdout}${ended.stderr}`)
      return ended
    },
  }
}

/** A folder of its own in which commands for the checkout work, so that nothing is written there. */
function checkoutFor(teardown: Teardown): string {
  const dir = temporaryFolder(teardown)
  for (const name of ['node_modules', 'packages']) symlinkSync(join(root, name), join(dir, name))
  mkdirSync(join(dir, 'bin'))
  symlinkSync(process.execPath, join(dir, 'bin', 'node'))
  symlinkSync(python, join(dir, 'bin', 'python3'))
  return dir
}
