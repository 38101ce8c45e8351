/** What tests of REST begin with: a real node behind its gateway, and systems of three organisations. */
import { after, before } from 'node:test'
import { type Call, describedCalls } from './caller.ts'
import { openRealNode, type RealNode, until } from './real-node.ts'

export interface RestNode {
  readonly real: RealNode
  readonly call: Call
  /** Keys: of the province and its first department; of the first department; of the second. */
  readonly both: string
  readonly first: string
  readonly second: string
  /** The item of a document, once it waits in a mailbox. */
  waiting(
    uid: string,
    key?: string,
    as?: string,
  ): Promise<{ readonly id: number; readonly sha256: string; readonly size: number; readonly kind: string }>
}

/** Opened before the tests of the suite, closed after them. */
export function withRestNode(use: (rest: RestNode) => void): void {
  const teardown: (() => unknown)[] = []

  before(async () => {
    const real = await openRealNode({ after: (step) => void teardown.unshift(step) })
    const { call } = await describedCalls(real.gateway.url)
    const both = await real.keyOf('both', ['H29', 'H29.02'])
    const first = await real.keyOf('first', ['H29.02'])
    const second = await real.keyOf('second', ['H29.03'])
    use({
      ...{ real, call, both, first, second },
      waiting: (uid, key = first, as = 'H29.02') =>
        until(async () => {
          const { json } = await call('GET', `/v1/mailbox?as=${as}&limit=500`, { key })
          return json.items.find((item: { uid: string }) => item.uid === uid)
        }),
    })
  })

  after(async () => {
    for (const step of teardown) await step()
  })
}
