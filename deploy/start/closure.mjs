/** Which folders of the checkout a package needs at run time: its own, and those of everything it depends on. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Walks the dependencies of `start` as Node would find them. Optional ones count when they are installed: they are the
 * libraries compiled for this platform.
 *
 * @param {string} root the checkout, packages installed
 * @param {string} start folder of the package, from the root
 * @returns {Map<string, string>} folder on disk → folder below the new root
 */
export function closureOf(root, start) {
  /** @type {Map<string, string>} */
  const folders = new Map()
  const waiting = [join(root, start)]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const real = realpathSync(folder)
    if (folders.has(real)) continue
    folders.set(real, placeOf(root, real))
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(real)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = findPackage(root, real, name)
      if (found !== null) waiting.push(found)
      else if (name in dependencies && !(name in optionalDependencies)) throw new Error(`${name} is not installed`)
    }
  }
  return folders
}

/**
 * A package of ours moves from `packages/x` to where its name says; what was installed stays where it is.
 *
 * @param {string} root
 * @param {string} folder
 */
function placeOf(root, folder) {
  const [top, name, ...rest] = relative(root, folder).split(sep)
  if (top !== 'packages') return relative(root, folder)
  return join('node_modules', manifestOf(join(root, top, name ?? '')).name, ...rest)
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} name
 */
function findPackage(root, from, name) {
  for (let folder = from; folder.length >= root.length; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
  }
  return null
}

/**
 * @param {string} folder
 * @returns {{ name: string, version: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }}
 */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
