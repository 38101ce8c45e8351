import type { Hello } from '../contract.ts'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { intMap, list, text, uint, writableText } from './fields.ts'
import { maxHelloBytes } from './limits.ts'
import { frameInvalid } from './refusal.ts'

/** A hello has no version of its own: keys are only ever added, so that any two nodes can read each other's. */
const keys = { node: 1, instance: 2, versions: 3, maxFrameBytes: 4, tableVersion: 5, kinds: 6 } as const

const maxVersions = 16
const maxInstanceBytes = 64
const maxKinds = 0xff

/** Throws FRAME_INVALID for whatever `decodeHello` would refuse. */
export function encodeHello(hello: Hello): Uint8Array {
  const bytes = encodeCbor(
    new Map<number, unknown>([
      [keys.node, writableText(hello.node, 'hello.node')],
      [keys.instance, writableText(hello.instance, 'hello.instance')],
      [keys.versions, hello.versions],
      [keys.maxFrameBytes, hello.maxFrameBytes],
      [keys.tableVersion, hello.tableVersion],
      ...(hello.kinds === undefined ? [] : [[keys.kinds, hello.kinds] as const]),
    ]),
  )
  decodeHello(bytes)
  return bytes
}

/** Unknown keys are ignored. Throws FRAME_INVALID. */
export function decodeHello(bytes: Uint8Array): Hello {
  if (bytes.length > maxHelloBytes) throw frameInvalid('hello', `is longer than ${maxHelloBytes} bytes`)
  const map = intMap(decodeCbor(bytes, 'hello'), 'hello')
  return {
    node: text(map.get(keys.node), 'hello.node'),
    instance: text(map.get(keys.instance), 'hello.instance', maxInstanceBytes),
    versions: versions(map.get(keys.versions)),
    maxFrameBytes: uint(map.get(keys.maxFrameBytes), 'hello.maxFrameBytes', 2 ** 31, 1),
    tableVersion: uint(map.get(keys.tableVersion), 'hello.tableVersion'),
    ...(map.has(keys.kinds) && { kinds: uint(map.get(keys.kinds), 'hello.kinds', maxKinds, 1) }),
  }
}

function versions(value: unknown): readonly number[] {
  let least = 1
  return list(value, 'hello.versions', maxVersions, 1).map((version) => {
    const number = uint(version, 'hello.versions', 0xffff, least)
    least = number + 1
    return number
  })
}
