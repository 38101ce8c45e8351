/** The receiving clients as the demonstration sees them: processes that write reports. */
import type { OrganId } from '@lienthong/core'
import { type RunningProcess, startProcess } from '@lienthong/test/kit'
import type { ClientReport } from './ledger.ts'

/** Milliseconds between two looks at what clients have written. */
const readEveryMs = 20

export interface Receivers {
  /** Organisation and last words of each client that has ended although nobody asked it to. */
  ended(): readonly { readonly organ: OrganId; readonly text: string }[]
  /** Ends the clients; what they have written is reported first. Idempotent. */
  stop(): Promise<void>
}

export interface ReceiversOptions {
  /** `args`: program and arguments of its process. */
  readonly clients: readonly { readonly organ: OrganId; readonly args: readonly string[] }[]
  /** Called for every line a client writes. */
  readonly onReport: (report: ClientReport) => void
}

/** Starts one process per organisation. They wait by themselves for their node to open its door. */
export async function startReceivers(options: ReceiversOptions): Promise<Receivers> {
  const started = options.clients.map(async ({ organ, args }) => {
    const running = await startProcess({ args })
    return { organ, running, read: 0 }
  })
  const settled = await Promise.allSettled(started)
  const clients = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = settled.find((each) => each.status === 'rejected')
  if (failed !== undefined) {
    await Promise.all(clients.map(({ running }) => running.end()))
    throw failed.reason
  }

  function drain(): void {
    for (const client of clients) {
      const { lines, length } = completeLines(client.running.stdout, client.read)
      client.read = length
      for (const line of lines) options.onReport(JSON.parse(line) as ClientReport)
    }
  }

  const timer = setInterval(drain, readEveryMs)
  let stopping: Promise<void> | undefined
  return {
    ended: () => clients.filter(({ running }) => !running.alive).map(({ organ, running }) => lastWords(organ, running)),
    stop() {
      stopping ??= (async () => {
        clearInterval(timer)
        await Promise.all(clients.map(({ running }) => running.end()))
        drain()
      })()
      return stopping
    },
  }
}

/** Lines that end behind `from`, and where the last of them ends. */
function completeLines(text: string, from: number): { readonly lines: readonly string[]; readonly length: number } {
  const end = text.lastIndexOf('\n') + 1
  if (end <= from) return { lines: [], length: from }
  return { lines: text.slice(from, end).split('\n').filter(Boolean), length: end }
}

function lastWords(organ: OrganId, { stderr }: RunningProcess): { readonly organ: OrganId; readonly text: string } {
  return { organ, text: stderr.trim().split('\n').slice(-3).join(' ') }
}
