import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

const mark = '# Written by the start-up script of lien-thong; safe to remove.'

/**
 * Forbids packages to start services while `work` runs, and puts back what was there, also when `work` fails. A file
 * left by a run that was killed is replaced and removed.
 *
 * @template Value
 * @param {string} file policy-rc.d
 * @param {() => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function withServiceStartsDenied(file, work) {
  const saved = `${file}.before-lienthong`
  if (existsSync(file) && !readFileSync(file, 'utf8').includes(mark)) renameSync(file, saved)
  writeFileSync(file, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 })
  try {
    return await work()
  } finally {
    if (existsSync(saved)) renameSync(saved, file)
    else rmSync(file, { force: true })
  }
}
