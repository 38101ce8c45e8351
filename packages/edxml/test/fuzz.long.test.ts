import { describe, it } from 'node:test'
import { fuzzHeaders, fuzzPackets, healthyPackets } from './fuzz-kit.ts'

describe('damaged packets, fifty times as many and other ones every time', () => {
  it('end in a header or a refusal, the same however they are cut', async () => {
    fuzzHeaders(await healthyPackets(), { numRuns: 100_000 })
  })

  it('end in parts and a refusal when read whole, the same however they are cut', async () => {
    await fuzzPackets(await healthyPackets(), { numRuns: 30_000 })
  })
})
