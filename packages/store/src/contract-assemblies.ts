/** Payloads whose segments are arriving. */
import type { OrganId, Path } from '@lienthong/core'
import type { PayloadRef, Sealed, StagedPayload } from './contract-documents.ts'

/** What is known of a payload whose segments are arriving. */
export interface AssemblyState {
  readonly uid: string
  readonly segmentBytes: number
  readonly payload: PayloadRef
  /** Bitmap of segments on disk, least significant bit first. */
  readonly have: Uint8Array
  /** Checked cores gathered so far. `organs`: those served here that this copy named. */
  readonly cores: readonly (Sealed & {
    readonly generation: number
    readonly organs: readonly OrganId[]
    readonly path: Path
  })[]
  readonly failures: number
}

export interface AssemblyFile {
  /** Writes at the segment's offset; not yet durable. */
  write(segment: number, bytes: Uint8Array): Promise<void>
  /** fdatasync. */
  sync(): Promise<void>
  /** SHA-256 of the whole file, hex, read back in chunks without blocking the event loop for long. */
  digest(): Promise<string>
  close(): Promise<void>
}

export interface AssemblyStore {
  load(uid: string): Promise<AssemblyState | null>
  /** All open ones: uid, arrival link, last touched. */
  list(): Promise<readonly { readonly uid: string; readonly link: string; readonly touchedAt: number }[]>
  /** Creates or opens the file of this assembly at its full size. Close it before `finish`. */
  file(uid: string, size: number, segmentBytes: number): Promise<AssemblyFile>
  /**
   * Commits segments already synced, and cores not yet known (equal core bytes are merged by union of organs). `stopped`:
   * all it is for have it or were stopped by a recall, so it has ended instead.
   */
  commit(request: {
    uid: string
    /** The sender of the document. */
    from: OrganId
    link: string
    segmentBytes: number
    payload: PayloadRef
    segments: readonly number[]
    cores: AssemblyState['cores']
    now: number
  }): Promise<'open' | 'stopped'>
  /**
   * Turns a complete assembly whose digest was checked into a staged payload, readable by its digest from now on; the
   * assembly's row and file go with `deliver`. Throws NOT_FOUND.
   */
  finish(uid: string): Promise<StagedPayload>
  /** Forgets the bytes and bitmap; counts a failure and keeps the cores when `failed`. */
  drop(uid: string, failed: boolean): Promise<number>
}
