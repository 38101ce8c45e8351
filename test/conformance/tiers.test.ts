import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import ts from 'typescript'
import { homes, type SourceFile, sourceFiles } from './source-files.ts'

const tierName = /central|province|district|commune/i

/** Sentences for people may name tiers. */
const catalogueFile = /^(catalogue|phrases)/

describe('depth is data, never code', () => {
  it('no source of a package names a tier', () => {
    const files = homes()
      .filter((home) => home.startsWith('packages/'))
      .flatMap(sourceFiles)
      .filter((file) => file.path.startsWith('src/') && !catalogueFile.test(basename(file.path)))
    assert.deepEqual(files.flatMap(tierNames), [])
  })

  it('sees a name in code and not in a comment', () => {
    const file = (text: string): SourceFile => ({ home: 'packages/x', path: 'src/x.ts', text })
    assert.deepEqual(tierNames(file(`// at the province\nif (tier === 'province') isCommune(\`\${a} district\`)`)), [
      'packages/x/src/x.ts:2 names a tier: province',
      'packages/x/src/x.ts:2 names a tier: isCommune',
      'packages/x/src/x.ts:2 names a tier:  district',
    ])
    assert.deepEqual(tierNames(file('/** a commune */ const depth = 4')), [])
  })
})

/** One sentence for each identifier or text that holds a tier's name. */
function tierNames(file: SourceFile): string[] {
  const parsed = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isLiteralExpression(node) || isTemplatePart(node)) && tierName.test(node.text)) {
      const line = parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1
      found.push(`${file.home}/${file.path}:${line} names a tier: ${node.text}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return found
}

function isTemplatePart(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
}
