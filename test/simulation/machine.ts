/** What a run costs the machine it runs on. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Processor time since the start of the process, ms: other work on the machine does not count. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** So that what is held can be measured apart from what is left lying. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}
