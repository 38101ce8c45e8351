/**
 * Who may import whom (DESIGN.md §10), checked on text: static, dynamic and type imports alike, because a type that
 * crosses an edge ties two packages as firmly as a value does.
 */
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Manifest, SourceFile } from './source-files.ts'

interface Rule {
  /** Other packages of this repository. */
  readonly ours: readonly string[]
  /** Libraries that this package, and no other, may import. */
  readonly libraries: readonly string[]
  /** Node's own modules. */
  readonly node: boolean
}

const everything = ['core', 'edxml', 'link', 'store', 'relay', 'gateway', 'client', 'cli', 'test', 'demo']

/** Keyed by the folder of the package. */
export const rules: Readonly<Record<string, Rule>> = {
  'packages/core': { ours: [], libraries: [], node: false },
  'packages/edxml': {
    ours: ['core'],
    libraries: ['saxes', 'yazl', 'yauzl', 'xmldsigjs', 'xml-core', '@xmldom/xmldom', '@peculiar/webcrypto'],
    node: true,
  },
  'packages/link': { ours: ['core'], libraries: ['amqplib', 'cborg'], node: true },
  'packages/store': { ours: ['core'], libraries: ['libsql'], node: true },
  'packages/relay': { ours: ['core', 'edxml', 'link', 'store'], libraries: [], node: true },
  'packages/gateway': {
    ours: ['core', 'edxml', 'store', 'relay'],
    libraries: ['fastify', 'nodemailer', 'prom-client'],
    node: true,
  },
  'packages/client': { ours: ['core', 'edxml'], libraries: ['rabbitmq-client'], node: true },
  'packages/cli': {
    ours: everything,
    libraries: [
      'yargs',
      'winston',
      'yaml',
      'zod',
      '@peculiar/x509',
      'reflect-metadata',
      'read-excel-file',
      'write-excel-file',
    ],
    node: true,
  },
  'deploy/demo': { ours: everything, libraries: [], node: true },
  // Forged frames and hostile clients speak AMQP without our link; files for deployment are read without our program.
  test: { ours: everything, libraries: ['amqplib', 'cborg', 'yaml'], node: true },
}

/** What any test may import: the kit, and the tools of the root manifest. */
const testLibraries = ['@lienthong/test']

/** Only the program reads its arguments and environment, and ends the process. */
const processMembers = /\bprocess\.(env|exit|argv)\b|\bprocess\[/

/** One sentence for each import that no rule allows. */
export function forbiddenImports(file: SourceFile, tools: readonly string[]): string[] {
  const rule = rules[file.home]
  if (rule === undefined) return [`${file.home} has no import rule`]
  const found = importsOf(file).filter((specifier) => !isAllowed({ specifier, file, rule, tools }))
  const sentences = found.map((specifier) => `${file.home}/${file.path} must not import ${specifier}`)
  if (file.home.startsWith('packages/') && file.home !== 'packages/cli' && !isTest(file)) {
    const match = processMembers.exec(codeOf(file))
    if (match !== null) sentences.push(`${file.home}/${file.path} must not use ${match[0]}`)
  }
  return sentences
}

/** One sentence for each dependency declared and not imported, or imported and not declared. */
export function undeclaredOrUnused(
  manifest: Manifest,
  files: readonly SourceFile[],
  tools: readonly string[],
): string[] {
  const used = (wanted: readonly SourceFile[]) =>
    new Set(
      wanted
        .flatMap(importsOf)
        .map(packageOf)
        .filter((name): name is string => name !== undefined && name !== manifest.name),
    )
  // The package of tests ships nothing: all of it is its source.
  const shipped = files.filter((file) => !isTest(file) || file.home === 'test')
  const inSource = used(shipped)
  const inTests = used(files.filter((file) => !shipped.includes(file)))
  const dependencies = Object.keys(manifest.dependencies ?? {})
  const devDependencies = Object.keys(manifest.devDependencies ?? {})
  const testable = [...dependencies, ...devDependencies, ...tools]
  const sourceable = files[0]?.home === 'test' ? testable : dependencies
  const undeclared = [
    ...[...inSource].filter((name) => !sourceable.includes(name)),
    ...[...inTests].filter((name) => !testable.includes(name)),
  ]
  const unused = [
    ...dependencies.filter((name) => !inSource.has(name)),
    ...devDependencies.filter((name) => !inTests.has(name)),
  ]
  return [
    ...undeclared.map((name) => `${manifest.name} imports ${name} and does not declare it`),
    ...unused.map((name) => `${manifest.name} declares ${name} and does not import it`),
  ]
}

/** Specifiers of all imports and re-exports of a file. */
export function importsOf(file: SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map((imported) => imported.fileName)
}

function isAllowed(edge: {
  readonly specifier: string
  readonly file: SourceFile
  readonly rule: Rule
  readonly tools: readonly string[]
}): boolean {
  const { specifier, file, rule, tools } = edge
  if (specifier.startsWith('.')) return staysInside(file, specifier)
  const name = packageOf(specifier)
  if (name === undefined)
    return (rule.node && (specifier !== 'node:process' || file.home === 'packages/cli')) || isTest(file)
  if (isTest(file) && [...testLibraries, ...tools].includes(name)) return true
  if (name.startsWith('@lienthong/'))
    return rule.ours.includes(name.slice('@lienthong/'.length)) || isItself(file, name)
  return rule.libraries.includes(name)
}

/** Relative imports reach the own package only, and from `src` only `src`. */
function staysInside(file: SourceFile, specifier: string): boolean {
  const target = join(dirname(file.path), specifier)
  return isTest(file) ? !target.startsWith('..') : target.startsWith('src/') || !file.path.startsWith('src/')
}

function isItself(file: SourceFile, name: string): boolean {
  return isTest(file) && file.home.endsWith(`/${name.slice('@lienthong/'.length)}`)
}

/** Everything beside `src` is there to test or measure. */
function isTest(file: SourceFile): boolean {
  return !file.path.startsWith('src/')
}

/** Name of the package that a specifier belongs to; undefined for relative paths and Node's own modules. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The text without comments, by way of the compiler's printer. */
function codeOf(file: SourceFile): string {
  const parsed = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023)
  return ts.createPrinter({ removeComments: true }).printFile(parsed)
}
