import { userInfo } from 'node:os'

/** Who does what a command does, for the chain of events: the user of this machine. A container may have no name for it. */
export function actor(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
