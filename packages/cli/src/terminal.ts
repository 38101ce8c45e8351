/** What the program has of its surroundings; only `main.ts` reads them from the process. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute; relative file arguments start here. */
  readonly workingDir: string
  /** Columns to wrap help at. */
  readonly width: number
  /** A person sits there and can be asked. @default false */
  readonly interactive?: boolean
  /** Calls the listener for SIGTERM and SIGINT; returns a function that stops it. */
  onStopSignal(listener: (signal: string) => void): () => void
  /** Ends the process at once. */
  exitNow(code: number): void
}
