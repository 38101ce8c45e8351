/**
 * What has been carried out of a re-organisation, in a file beside the one it was planned from. Written after each step, so
 * that a run cut off anywhere goes on where it was; a step done and not written down yet is found to be done.
 */
import { createHash } from 'node:crypto'
import { dirname, join, parse, resolve } from 'node:path'
import { type AnnouncementVersion, type NodeId, RelayError, type ReorgPlan } from '@lienthong/core'
import type { Context } from '../command.ts'
import { readSmallFile } from '../config/read-file.ts'
import { replaceFile } from '../whole-file.ts'

const maxBytes = 256 * 1024 * 1024

export interface Journal extends Pick<ReorgPlan, 'steps' | 'counts'> {
  /** SHA-256 of the file it was planned from. */
  readonly planned: string
  /** Steps that are done, and when, ms. */
  readonly done: Readonly<Record<string, number>>
  /** What each node declared when the steps were approved, or after the newest of them. */
  readonly bases: Readonly<Record<NodeId, AnnouncementVersion>>
}

export interface JournalFile {
  readonly shown: string
  /** null: nothing has been begun. */
  read(): Promise<Journal | null>
  write(journal: Journal): Promise<void>
}

/** `nq60.yaml` → `nq60.journal.json`. `text` is what the file holds now. */
export function journalBeside(file: string, text: string, { terminal, say }: Context): JournalFile {
  const shown = join(dirname(file), `${parse(file).name}.journal.json`)
  const path = resolve(terminal.workingDir, shown)
  return {
    shown,
    async read() {
      const written = await readSmallFile(path, { shown, maxBytes }).catch((error: unknown) => {
        if (error instanceof RelayError && error.detail['reason'] === 'ENOENT') return null
        throw error
      })
      if (written === null) return null
      const journal = JSON.parse(written) as Journal
      if (journal.planned === digestOf(text)) return journal
      throw new RelayError('USAGE', { detail: { reason: say('reorg.journal.other', { file, journal: shown }) } })
    },
    write: (journal) => replaceFile(path, `${JSON.stringify(journal, null, 1)}\n`, { shown, mode: 0o644 }),
  }
}

/** Nothing is done yet. */
export function newJournal(
  { steps, counts }: Pick<ReorgPlan, 'steps' | 'counts'>,
  text: string,
  bases: Journal['bases'],
): Journal {
  return { planned: digestOf(text), steps, counts, done: {}, bases }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
