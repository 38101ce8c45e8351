/**
 * Changes a directory file where it has to change and nowhere else: comments, order and quotes stay, the
 * new version is checked like any directory, and the file is replaced whole or not at all.
 */
import { realpath, stat } from 'node:fs/promises'
import { type Directory, RelayError } from '@lienthong/core'
import { parseDocument } from 'yaml'
import { replaceFile } from '../whole-file.ts'
import { checkDirectoryText, maxDirectoryBytes } from './directory-file.ts'
import { valueOrRefuse } from './problem.ts'
import { readSmallFile, systemReason } from './read-file.ts'

type Path = readonly (string | number)[]

export interface DirectoryEdit {
  /** As it was read. */
  readonly directory: Directory
  set(path: Path, value: string | number): void
  /** Adds to the list at this path, which may not be there yet. */
  append(path: Path, value: unknown): void
  /** The directory as changed so far. Throws CONFIG_INVALID when it is none. */
  changed(): Directory
  /**
   * Writes it under the next version, with the mode the file had. Throws FILE_UNWRITABLE, with reason EBUSY when
   * somebody else has changed the file since.
   */
  save(): Promise<Directory>
}

/** Throws FILE_UNREADABLE, CONFIG_INVALID. `shown` is the name problems carry. */
export async function editDirectoryFile(file: string, shown: string): Promise<DirectoryEdit> {
  const text = await readSmallFile(file, { shown, maxBytes: maxDirectoryBytes })
  const directory = valueOrRefuse(checkDirectoryText(text, shown))
  const content = isJson(text) ? editJson(text) : editYaml(text)
  const changed = () => valueOrRefuse(checkDirectoryText(content.text(), shown))
  return {
    directory,
    set: content.set,
    append: content.append,
    changed,
    save: async () => {
      content.set(['version'], directory.version + 1)
      const result = changed()
      const { path, mode } = await placeOf(file).catch((cause: unknown) => {
        throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
      })
      await replaceFile(path, content.text(), { mode, shown, was: text })
      return result
    },
  }
}

interface Content extends Pick<DirectoryEdit, 'set' | 'append'> {
  text(): string
}

/**
 * The library writes a whole document anew and unifies its spaces; only the lines that a change made
 * different are taken from it. Where its lines do not fit those of the file, all of them are.
 */
function editYaml(text: string): Content {
  const document = parseDocument(text)
  // Long lines stay long.
  const render = () => document.toString({ lineWidth: 0 }).split('\n')
  const lines = (text.endsWith('\n') ? text : `${text}\n`).split('\n')
  let rendered = render()
  const squeezed = (line: string | undefined) => line?.replace(/\s/g, '')
  const aligned =
    rendered.length === lines.length && lines.every((line, at) => squeezed(line) === squeezed(rendered[at]))
  const change = (act: () => void) => {
    const before = rendered
    act()
    rendered = render()
    const most = Math.min(before.length, rendered.length)
    let start = 0
    while (start < most && before[start] === rendered[start]) start += 1
    let end = 0
    while (end < most - start && before.at(-1 - end) === rendered.at(-1 - end)) end += 1
    lines.splice(start, before.length - start - end, ...rendered.slice(start, rendered.length - end))
  }
  return {
    set: (path, value) => change(() => document.setIn(path, value)),
    append: (path, value) =>
      change(() => {
        if (document.hasIn(path)) document.addIn(path, document.createNode(value))
        else document.setIn(path, document.createNode([value]))
      }),
    text: () => {
      const spliced = lines.join('\n')
      return aligned && readsAs(spliced, document.toJS()) ? spliced : rendered.join('\n')
    },
  }
}

function readsAs(text: string, value: unknown): boolean {
  const document = parseDocument(text)
  return document.errors.length === 0 && JSON.stringify(document.toJS()) === JSON.stringify(value)
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function editJson(text: string): Content {
  const value: unknown = JSON.parse(text)
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? ''
  const at = (path: Path) =>
    path.reduce<Record<string | number, unknown>>((node, key) => node[key] as typeof node, value as never)
  const set = (path: Path, to: unknown) => {
    at(path.slice(0, -1))[path.at(-1) ?? ''] = to
  }
  return {
    set,
    append: (path, added) => {
      const list: unknown = at(path.slice(0, -1))[path.at(-1) ?? '']
      set(path, [...(Array.isArray(list) ? (list as unknown[]) : []), added])
    },
    text: () => JSON.stringify(value, null, indent) + (text.endsWith('\n') ? '\n' : ''),
  }
}

/** The file itself, behind any link. */
async function placeOf(file: string): Promise<{ readonly path: string; readonly mode: number }> {
  const path = await realpath(file)
  const { mode } = await stat(path)
  return { path, mode: mode & 0o777 }
}
