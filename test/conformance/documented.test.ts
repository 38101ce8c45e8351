/** What document software and the programs that host a gateway see says what it is. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

for (const name of ['client', 'gateway']) {
  it(`every export of ${name}, and every member of it, has a comment`, () => {
    const index = fileURLToPath(new URL(`../../../packages/${name}/src/index.ts`, import.meta.url))
    assert.deepEqual(undocumented(index), [])
  })
}

/** Names without a comment, of what the index exports out of this package and of all members of that. */
function undocumented(entry: string): readonly string[] {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, allowImportingTsExtensions: true }
  const program = ts.createProgram([entry], { ...options, noEmit: true, strict: true })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(entry)
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`no module at ${entry}`)
  const folder = entry.slice(0, entry.lastIndexOf('/'))
  const found: string[] = []
  for (const each of checker.getExportsOfModule(module)) {
    const symbol = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each
    const [declaration] = symbol.declarations ?? []
    if (declaration?.getSourceFile().fileName.startsWith(folder) !== true) continue
    check(symbol, each.name)
    ts.forEachChild(declaration, function visit(node) {
      if (ts.isPropertySignature(node) || ts.isMethodSignature(node)) {
        const member = checker.getSymbolAtLocation(node.name)
        if (member !== undefined && !isUnionArm(node)) check(member, `${each.name}.${member.name}`)
      }
      ts.forEachChild(node, visit)
    })
  }
  return found

  function check(symbol: ts.Symbol, name: string): void {
    if (symbol.getDocumentationComment(checker).length === 0) found.push(name)
  }
}

/** Members written within one line of a type are said by the comment of that line. */
function isUnionArm(node: ts.Node): boolean {
  const { parent } = node
  const source = node.getSourceFile()
  return (
    ts.isTypeLiteralNode(parent) &&
    source.getLineAndCharacterOfPosition(parent.getStart()).line ===
      source.getLineAndCharacterOfPosition(parent.getEnd()).line
  )
}
