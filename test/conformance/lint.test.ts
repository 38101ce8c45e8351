import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runProcess, temporaryFolder } from '../kit/index.ts'
import { root } from './source-files.ts'

/** Each rule that the house style names, with a line that breaks it and nothing else. */
const seeds: Readonly<Record<string, string>> = {
  'typescript(no-floating-promises)': 'export const lost = () => { send() }',
  'typescript(no-misused-promises)': 'export const misused = () => { if (send()) send().catch(String) }',
  'typescript(await-thenable)': 'export const awaited = async () => { await three(); await send() }',
  'typescript(switch-exhaustiveness-check)': `export const half = (lane: 'express' | 'bulk') => { switch (lane) { case 'bulk': return 1 } return 2 }`,
  'typescript(no-unnecessary-condition)': 'export const always = (value: { readonly a: string }) => value.a ?? three()',
  'typescript(consistent-type-imports)': `import { Shape } from './shape.ts'; export const shape = (given: Shape) => given`,
  'typescript(no-explicit-any)': 'export const anything = (value: any): string => `${value}`',
  'import(no-default-export)': 'export default 3',
  'import(no-cycle)': `import { circle } from './circle.ts'; export const round = () => circle`,
  'eslint(max-lines)': 'export {}\n;'.repeat(402),
  'eslint(max-params)': 'export const many = (a: 1, b: 2, c: 3, d: 4, e: 5) => [a, b, c, d, e]',
  'eslint(complexity)': `export const tangled = (a: number) => { ${'if (a > three()) return a; '.repeat(16)} return 0 }`,
  'eslint(no-console)': `export const talk = () => { console.log('hello') }`,
  'node(no-process-env)': `export const home = () => process.env['HOME']`,
}

const shared = `export const send = async (): Promise<number> => Promise.resolve(three())
export const three = (): number => 3
`

describe('lint', () => {
  it('finds each of the faults that the house style names, where it is', async (t) => {
    const folder = layOut(temporaryFolder(t))
    const names = Object.keys(seeds).map((rule) => rule.replaceAll(/[()]/g, '-').replace(/-$/, '.ts'))
    for (const [index, text] of Object.values(seeds).entries()) {
      writeFileSync(
        join(folder, 'src', names[index] ?? ''),
        `import { send, three } from './shared.ts'\n${text}\nvoid [send, three]\n`,
      )
    }
    writeFileSync(
      join(folder, 'src', 'circle.ts'),
      `import { round } from './import-no-cycle.ts'\nexport const circle = () => round\n`,
    )
    writeFileSync(join(folder, 'src', 'CamelCase.ts'), 'export const camel = 1\n')

    const found = await lint(folder)

    for (const [index, rule] of Object.keys(seeds).entries()) {
      assert.ok(found.has(`${names[index]} ${rule}`), `${rule} is not found; found: ${[...found].join(', ')}`)
    }
    assert.ok(found.has('CamelCase.ts unicorn(filename-case)'))
    assert.equal(
      [...found].some((each) => each.startsWith('shared.ts')),
      false,
    )
  })

  it('lets the program and tests read the environment and write to the console', async (t) => {
    const folder = layOut(temporaryFolder(t), 'packages/cli')
    writeFileSync(join(folder, 'src', 'home.ts'), `export const home = () => { console.log(process.env['HOME']) }\n`)

    assert.deepEqual([...(await lint(folder))], [])
  })
})

/** A package with this repository's configuration; returns its folder. */
function layOut(temporary: string, home = 'packages/relay'): string {
  const folder = join(temporary, home)
  mkdirSync(join(folder, 'src'), { recursive: true })
  for (const file of ['.oxlintrc.json', 'tsconfig.base.json']) copyFileSync(join(root, file), join(temporary, file))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions: { types: ['node'] }, include: ['src'] }),
  )
  writeFileSync(join(folder, 'src', 'shared.ts'), shared)
  writeFileSync(join(folder, 'src', 'shape.ts'), 'export interface Shape { readonly a: 1 }\n')
  symlinkSync(join(root, 'node_modules'), join(temporary, 'node_modules'))
  return folder
}

/** `file rule` for each diagnostic. */
async function lint(folder: string): Promise<Set<string>> {
  const temporary = join(folder, '..', '..')
  const { stdout, stderr } = await runProcess({
    args: [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', '-f', 'json', 'packages'],
    cwd: temporary,
  })
  const report = JSON.parse(stdout || `{"diagnostics":[{"code":"none","filename":${JSON.stringify(stderr)}}]}`) as {
    diagnostics: { code: string; filename: string }[]
  }
  return new Set(report.diagnostics.map(({ code, filename }) => `${filename.split('/').at(-1)} ${code}`))
}
