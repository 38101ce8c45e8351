import { resolve } from 'node:path'
import type { Context } from '../command.ts'
import { readSmallFile } from '../config/read-file.ts'

/** Keys and certificates are a few kilobytes. */
const maxPemBytes = 256 * 1024

/** Throws FILE_UNREADABLE. */
export function readPem(file: string, { terminal }: Context): Promise<string> {
  return readSmallFile(resolve(terminal.workingDir, file), { shown: file, maxBytes: maxPemBytes })
}
