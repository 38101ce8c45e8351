import { constants } from 'node:os'

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C and its like, caught so that everything can be put away first. */
export interface Interruption {
  /** Resolves to the exit code a shell expects, 128 + the signal's number: 130 after Ctrl-C. Never rejects. */
  readonly exitCode: Promise<number>
  /** Gives the signals back to whoever had them. */
  release(): void
}

/** Further signals are heard and change nothing: a terminal and npm both pass Ctrl-C on. */
export function catchInterruption(): Interruption {
  let resolve: (exitCode: number) => void = () => {}
  const exitCode = new Promise<number>((fulfil) => {
    resolve = fulfil
  })
  const listener = (signal: NodeJS.Signals) => resolve(128 + constants.signals[signal])
  for (const ending of endings) process.on(ending, listener)
  return {
    exitCode,
    release() {
      for (const ending of endings) process.off(ending, listener)
    },
  }
}
