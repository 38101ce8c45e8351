import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PacketHeader } from '../src/index.ts'
import { fixture, packetWith } from './fixture.ts'
import { readingOf, refuses } from './hostile-kit.ts'
import { readAll } from './read-kit.ts'

/** Names every object has, or that make it something else to whoever holds it. */
const inherited = [
  '__proto__',
  '__defineGetter__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'isPrototypeOf',
  'toString',
  'toJSON',
  'valueOf',
  'then',
  'length',
  '_',
] as const

const everywhere = (name: string): Buffer =>
  Buffer.from(
    fixture('document.edxml')
      .toString()
      .replaceAll(
        /(<edXML:(?:edXMLEnvelope|edXMLHeader|MessageHeader|From|To|Code|TraceHeaderList|edXMLManifest|Reference)[^>]*>)/g,
        `$1<edXML:${name}>polluted<edXML:isAdmin>polluted</edXML:isAdmin></edXML:${name}><${name} xmlns="" isAdmin="polluted"/>`,
      )
      .replaceAll(
        /<edXML:(To|Subject|OrganId)>/g,
        `<edXML:$1 ${name}="polluted" xmlns:${name}="urn:p" ${name}:${name}="polluted">`,
      )
      .replace('<AttachmentEncoded>', `<${name}>polluted</${name}><AttachmentEncoded><${name}/>`)
      .replaceAll('<Attachment>', `<Attachment><${name}>polluted</${name}>`),
  )

/** What everything inherits from; changed once, changed for the process. */
function ancestry(): unknown {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype].map((prototype) =>
    Object.getOwnPropertyDescriptors(prototype),
  )
}

function assertPlain(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) {
    assert.notEqual(typeof value, 'function', path)
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  assert.ok(prototype === (Array.isArray(value) ? Array.prototype : Object.prototype), `${path} inherits`)
  for (const key of Reflect.ownKeys(value)) {
    assert.ok(
      (typeof key === 'string' && !(inherited as readonly string[]).includes(key)) || key === 'length',
      `${path} has ${String(key)}`,
    )
    assertPlain((value as Record<PropertyKey, unknown>)[key], `${path}.${String(key)}`)
  }
}

describe('names every object has', () => {
  const honest: PacketHeader | null = readingOf(fixture('document.edxml')).header

  for (const name of inherited) {
    it(`change nothing as elements, attributes and prefixes: ${name}`, async () => {
      const before = ancestry()
      const packet = everywhere(name)
      assert.ok(packet.toString().split('polluted').length > 20)
      const { header, error } = readingOf(packet)
      assert.equal(error, null)
      assert.deepEqual(header, honest)
      assert.ok(!JSON.stringify(header).includes('polluted'))
      assertPlain(header, 'header')
      const whole = await readAll(packet)
      assert.deepEqual(whole.header, honest)
      assert.equal(whole.attachments.length, (await readAll(fixture('document.edxml'))).attachments.length)
      for (const { facts } of whole.attachments) assert.ok(!JSON.stringify(facts).includes('polluted'))
      assert.deepEqual(ancestry(), before)
      assert.equal(({} as { isAdmin?: string }).isAdmin, undefined)
    })

    it(`are texts like any other: ${name}`, async () => {
      const packet = packetWith(`<To><OrganId>${name}</OrganId></To><Subject>${name}</Subject>`)
      const { header } = readingOf(packet)
      assert.deepEqual([header?.to[1]?.organId, header?.subject], [name, name])
      // A header may be what an async function returns: nothing in it is called.
      assert.equal(await Promise.resolve(header), header)
      assertPlain(header, 'header')
    })
  }

  refuses(
    inherited.flatMap((name) => [
      [`the root ${name}`, 'root', () => Buffer.from(`<${name} isAdmin="1"/>`)] as const,
      [`the entity ${name}`, 'not-well-formed', () => packetWith(`<Subject>&${name};</Subject>`)] as const,
      [`the unbound prefix ${name}`, 'not-well-formed', () => packetWith(`<${name}:To/>`)] as const,
      [
        `the unbound prefix ${name} of an attribute`,
        'not-well-formed',
        () => packetWith(`<To ${name}:a=""/>`),
      ] as const,
      [`the attribute ${name} twice`, 'not-well-formed', () => packetWith(`<To ${name}="1" ${name}="2"/>`)] as const,
    ]),
  )
})
