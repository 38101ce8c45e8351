import assert from 'node:assert/strict'
import { it } from 'node:test'
import { RelayError, sentence } from '@lienthong/core'
import {
  openHeaderReader,
  type PacketHeader,
  type PacketWarning,
  type ReaderLimits,
  type Refusal,
  readPacket,
  refusals,
} from '../src/index.ts'

/** Processor time, since the machine may be busy. Usual are a few ms; an unguarded parser takes seconds to minutes. */
const refusalDeadlineMs = 3000

export interface Reading {
  readonly header: PacketHeader | null
  readonly warnings: readonly PacketWarning[]
  readonly error: RelayError | null
}

/** What a header reader makes of the packet, given in chunks of that size. */
export function readingOf(packet: Uint8Array, chunkBytes = packet.length, limits: ReaderLimits = {}): Reading {
  const reader = openHeaderReader(limits)
  try {
    for (let at = 0; at < packet.length; at += chunkBytes) {
      if (reader.write(packet.subarray(at, at + chunkBytes))) break
    }
    return { header: reader.end(), warnings: reader.warnings, error: null }
  } catch (error) {
    assert.ok(error instanceof RelayError, `not a RelayError: ${String(error)}`)
    return { header: null, warnings: reader.warnings, error }
  }
}

export function refusalOf(packet: Uint8Array, chunkBytes?: number, limits?: ReaderLimits): RelayError | null {
  return readingOf(packet, chunkBytes, limits).error
}

/** What reading the whole packet ends in, contents unread. */
export async function packetRefusalOf(packet: Uint8Array, limits: ReaderLimits = {}): Promise<RelayError | null> {
  try {
    for await (const _ of readPacket(packet, limits));
    return null
  } catch (error) {
    assert.ok(error instanceof RelayError, `not a RelayError: ${String(error)}`)
    return error
  }
}

/** Refused by both readers, for that reason, in time, however cut; and a clerk is told why in words. */
export async function assertRefused(packet: Uint8Array, why: Refusal, limits: ReaderLimits = {}): Promise<void> {
  for (const chunkBytes of [packet.length || 1, 64 * 1024, 1021]) {
    const { result: error, ms } = timed(() => refusalOf(packet, chunkBytes, limits))
    assert.deepEqual([error?.code, error?.detail['why']], ['NOT_EDXML', why], `in chunks of ${chunkBytes}`)
    assert.ok(ms < refusalDeadlineMs, `refused after ${ms} ms`)
    assertSaid(error, why)
  }
  const error = await packetRefusalOf(packet, limits)
  assert.deepEqual([error?.code, error?.detail['why']], ['NOT_EDXML', why], 'read as a whole packet')
}

function assertSaid(error: RelayError | null, why: Refusal): void {
  const detail = error?.detail ?? {}
  const english = sentence('en', 'NOT_EDXML', detail).text
  assert.ok(english.includes(refusals[why]), english)
  for (const known of ['field', 'limit', 'line']) assert.ok(english.includes(String(detail[known] ?? '')), english)
  const vietnamese = sentence('vi', 'NOT_EDXML', detail).text
  assert.ok(!vietnamese.includes(refusals[why]) && vietnamese.length > english.length / 3, vietnamese)
}

/** Processor time of a step, milliseconds. */
export function timed<T>(step: () => T): { readonly result: T; readonly ms: number } {
  const start = process.cpuUsage()
  const result = step()
  const { user, system } = process.cpuUsage(start)
  return { result, ms: (user + system) / 1000 }
}

export type HostileCase = readonly [name: string, why: Refusal, build: () => Uint8Array, limits?: ReaderLimits]

/** One test each. */
export function refuses(cases: readonly HostileCase[]): void {
  for (const [name, why, build, limits] of cases) {
    it(`refuses ${name}: ${why}`, () => assertRefused(build(), why, limits))
  }
}
