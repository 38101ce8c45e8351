/** node.yaml without what it must not say: known keys keep their values, everything else only its name. */
import { parseDocument, stringify } from 'yaml'
import { unwrap } from '../config/check-schema.ts'
import { nodeFileSchema } from '../config/schema.ts'
import { isSecretName, type Redactor, redacted } from './redact.ts'

/** Places of secrets that are not called so. */
const keyFileNames = ['key', 'earlierKeys']
const maxAliasCount = 100

export interface NamedSecrets {
  /** As they stand in the file, where they should not. */
  readonly inline: readonly string[]
  /** Where the file says they are. */
  readonly files: readonly string[]
  readonly keyFiles: readonly string[]
  readonly variables: readonly string[]
}

/** What a node.yaml calls a secret, however wrong the file is. */
export function secretsIn(text: string): NamedSecrets {
  const found = { inline: [] as string[], files: [] as string[], keyFiles: [] as string[], variables: [] as string[] }
  const all = (value: unknown): readonly string[] => {
    if (typeof value === 'string' || typeof value === 'number') return [String(value)]
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(all) : []
  }
  const visit = (name: string, value: unknown): void => {
    if (isSecretName(name)) {
      const { file, env } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
      if (typeof file === 'string') found.files.push(file)
      if (typeof env === 'string') found.variables.push(env)
      if (typeof file !== 'string' && typeof env !== 'string') found.inline.push(...all(value))
    } else if (keyFileNames.includes(name)) found.keyFiles.push(...all(value))
    else if (Array.isArray(value)) for (const inner of value) visit('', inner)
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, each] of Object.entries(value)) visit(inner, each)
    }
  }
  visit('', valueOf(text, 'any'))
  return found
}

/**
 * `isThere`: whether a place named for a secret is one. A name that names nothing may be the secret itself. A text that
 * is no YAML is shown as its keys alone.
 */
export function shownNodeFile(
  text: string,
  redactor: Redactor,
  isThere: (place: { readonly file: string } | { readonly env: string }) => boolean,
): string {
  const value = valueOf(text, 'whole')
  return value === null ? keysOf(text) : stringify(shown(nodeFileSchema, value, ''))

  function shown(schema: unknown, given: unknown, name: string): unknown {
    if (isSecretName(name)) return place(given)
    const { shape, element } = unwrap(schema).def
    if (element !== undefined) return Array.isArray(given) ? given.map((each) => shown(element, each, name)) : redacted
    if (shape === undefined) return leaf(given, name)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given === null ? null : redacted
    return Object.fromEntries(
      Object.entries(given).map(([key, inner]) =>
        Object.hasOwn(shape, key) ? [key, shown(shape[key], inner, key)] : [redactor.text(key), redacted],
      ),
    )
  }

  function place(given: unknown): unknown {
    if (typeof given !== 'object' || given === null) return redacted
    const [entry, ...more] = Object.entries(given)
    const [kind, named] = entry ?? []
    if (more.length > 0 || typeof named !== 'string') return redacted
    if (kind === 'file') return { file: isThere({ file: named }) ? named : redacted }
    return kind === 'env' ? { env: isThere({ env: named }) ? named : redacted } : redacted
  }

  function leaf(given: unknown, name: string): unknown {
    if (typeof given === 'number' || typeof given === 'boolean' || given === null) return given
    if (typeof given === 'object') return redactor.value(given)
    if (typeof given !== 'string') return redacted
    if (name === 'publicKey') return given
    // What stands behind the host of a webhook is often what opens it.
    if (name === 'url' && URL.canParse(given)) {
      const { protocol, host, pathname, search } = new URL(given)
      return `${protocol}//${host}${pathname.length > 1 || search !== '' ? `/${redacted}` : ''}`
    }
    return redactor.text(given)
  }
}

/** null: no YAML, or nothing a node.yaml could be. `any`: as much of it as can be read. */
function valueOf(text: string, wanted: 'whole' | 'any'): unknown {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
  if (wanted === 'whole' && document.errors.length > 0) return null
  try {
    const value: unknown = document.toJS({ maxAliasCount })
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

/** Line for line, so that places in messages about it can be found. */
function keysOf(text: string): string {
  const known = new Set(schemaKeys(nodeFileSchema))
  return text
    .split('\n')
    .map((line) => {
      const [, before = '', key = ''] = /^(\s*(?:- )?)([A-Za-z]\w*)\s*:/.exec(line) ?? []
      if (line.trim() === '') return ''
      return known.has(key) ? `${before}${key}: ${redacted}` : redacted
    })
    .join('\n')
}

function schemaKeys(schema: unknown): readonly string[] {
  const { shape, element } = unwrap(schema).def
  if (element !== undefined) return schemaKeys(element)
  return Object.entries(shape ?? {}).flatMap(([key, inner]) => [key, ...schemaKeys(inner)])
}
