import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Teardown } from './teardown.ts'

/** Path of a new empty folder, removed with all it holds when the test ends. */
export function temporaryFolder(teardown: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-'))
  teardown.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
