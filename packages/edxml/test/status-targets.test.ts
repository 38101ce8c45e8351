import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PacketHeader, type ResponseFor, readHeader, statusTargets } from '../src/index.ts'
import { fixture } from './fixture.ts'

async function answering(...responseFor: readonly Partial<ResponseFor>[]): Promise<PacketHeader> {
  const header = await readHeader(fixture('status.edxml'))
  const nothing: ResponseFor = { organId: null, code: null, documentId: null, promulgationDate: null }
  return { ...header, responseFor: responseFor.map((given) => ({ ...nothing, ...given })) }
}

describe('status targets', () => {
  it('are ResponseFor/OrganId first', async () => {
    assert.deepEqual(statusTargets(await readHeader(fixture('status.edxml'))), ['H29.18.05'])
  })

  it('find the recipient of a take-back whose fields are swapped', async () => {
    assert.deepEqual(statusTargets(await readHeader(fixture('swapped-take-back.edxml'))), ['000.00.00.H41'])
  })

  it('never guess the sender itself', async () => {
    const takeBack = await answering({ organId: 'H29', documentId: 'h26.10,2025/07/01,1/A', code: '1/A' })
    assert.deepEqual(statusTargets(takeBack), ['H29'])
  })

  it('take the prefix of an id in either style, but not of a UUID', async () => {
    assert.deepEqual(statusTargets(await answering({ organId: 'null', documentId: 'H37.02-2025-12/UBND' })), ['H37.02'])
    assert.deepEqual(statusTargets(await answering({ documentId: '5e515fca-1111-4222-8333-444455556666' })), [])
  })

  it('leave out what cannot be a code', async () => {
    assert.deepEqual(statusTargets(await answering({ organId: '../H29' }, { organId: 'H'.repeat(36) })), [])
  })
})
