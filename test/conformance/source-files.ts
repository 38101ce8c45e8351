import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout, seen from `test/dist/conformance`. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface SourceFile {
  /** Folder of the package, from the root: `packages/link`, `deploy/demo`, `test`. */
  readonly home: string
  /** From that folder: `src/frame.ts`. */
  readonly path: string
  readonly text: string
}

export interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Folders of all packages, from the root. */
export function homes(): string[] {
  return [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`), 'deploy/demo', 'test']
}

export function readManifest(home: string): Manifest {
  return JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8')) as Manifest
}

/** All TypeScript of a package that is not built and not a fixture. */
export function sourceFiles(home: string): SourceFile[] {
  const folder = join(root, home)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(path))
    .filter((path) => !path.includes('/fixtures/') || home === 'test')
    .map((path) => ({ home, path, text: readFileSync(join(folder, path), 'utf8') }))
}
