import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { forbiddenImports, importsOf, rules, undeclaredOrUnused } from './import-rules.ts'
import { homes, type Manifest, readManifest, root, type SourceFile, sourceFiles } from './source-files.ts'

const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
const tools = Object.keys(rootManifest.devDependencies ?? {})

describe('import rules', () => {
  it('hold in every file of every package', () => {
    const broken = homes().flatMap((home) => sourceFiles(home).flatMap((file) => forbiddenImports(file, tools)))
    assert.deepEqual(broken, [])
  })

  it('are matched by what each package declares, in both directions', () => {
    const broken = homes().flatMap((home) => undeclaredOrUnused(readManifest(home), sourceFiles(home), tools))
    assert.deepEqual(broken, [])
  })

  it('exist for every package', () => {
    assert.deepEqual(Object.keys(rules).sort(), homes().sort())
  })

  it('see static, dynamic, type and re-exporting imports', () => {
    const text = `import a from 'a'
      import type { B } from 'b'
      export { c } from 'c'
      export type * from 'd'
      const e = await import('e')
      type F = import('f').F
      import 'g'`
    assert.deepEqual(importsOf(seeded('packages/core', 'src/x.ts', text)).sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  })

  const bad: readonly [home: string, path: string, text: string][] = [
    ['packages/link', 'src/x.ts', `import type { Store } from '@lienthong/store'`],
    ['packages/core', 'src/x.ts', `import { readFileSync } from 'node:fs'`],
    ['packages/core', 'src/x.ts', `import { readFileSync } from 'fs'`],
    ['packages/core', 'src/x.ts', `import { link } from '@lienthong/link'`],
    ['packages/relay', 'src/x.ts', `import amqp from 'amqplib'`],
    ['packages/relay', 'src/x.ts', `const cli = await import('@lienthong/cli')`],
    ['packages/store', 'src/x.ts', `type Saxes = import('saxes').SaxesParser`],
    ['packages/edxml', 'src/x.ts', `export { wire } from '../../link/src/index.ts'`],
    ['packages/link', 'src/x.ts', `import { sample } from '../test/sample.ts'`],
    ['packages/link', 'src/x.ts', `import fc from 'fast-check'`],
    ['packages/relay', 'src/x.ts', `const home = process.env['HOME']`],
    ['packages/relay', 'src/x.ts', `import { env } from 'node:process'`],
    ['packages/relay', 'test/x.test.ts', `import { Node } from '@lienthong/cli'`],
    ['deploy/demo', 'src/x.ts', `import winston from 'winston'`],
  ]
  for (const [home, path, text] of bad) {
    it(`find in ${home}/${path}: ${text}`, () => {
      assert.equal(forbiddenImports(seeded(home, path, text), tools).length, 1)
    })
  }

  const good: readonly [home: string, path: string, text: string][] = [
    ['packages/link', 'src/x.ts', `import { connect } from 'amqplib' // never process.env`],
    ['packages/core', 'test/x.test.ts', `import assert from 'node:assert/strict'; import fc from 'fast-check'`],
    [
      'packages/link',
      'test/x.test.ts',
      `import { startBroker } from '@lienthong/test/kit'; import { a } from '../src/a.ts'`,
    ],
    ['packages/relay', 'src/x.ts', `import type { Store } from '@lienthong/store'`],
    ['packages/cli', 'src/x.ts', `const home = process.env['HOME']`],
  ]
  for (const [home, path, text] of good) {
    it(`allow in ${home}/${path}: ${text}`, () => {
      assert.deepEqual(forbiddenImports(seeded(home, path, text), tools), [])
    })
  }

  it('find a dependency that is not declared, and one that is not used', () => {
    const manifest = { name: '@lienthong/x', dependencies: { unused: '1' } }
    const files = [seeded('packages/x', 'src/x.ts', `import 'undeclared'`)]
    assert.deepEqual(undeclaredOrUnused(manifest, files, tools), [
      '@lienthong/x imports undeclared and does not declare it',
      '@lienthong/x declares unused and does not import it',
    ])
  })
})

function seeded(home: string, path: string, text: string): SourceFile {
  return { home, path, text }
}
