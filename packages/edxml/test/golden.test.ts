/**
 * The bytes of every kind of packet, kept as files: whatever changes them shows here as a difference.
 * `node packages/edxml/dist/test/golden-write.js` writes them anew.
 */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { openHeaderReader, readPacket, writeDocument, writeStatus } from '../src/index.ts'
import { collect, fixture } from './fixture.ts'
import { readAll } from './read-kit.ts'
import { documents, hasPython, python, pythonMissing, statuses, withoutPayloads } from './written-kit.ts'

const golden = (name: string): Buffer => fixture(`written/${name}.edxml`)
const names = [...documents, ...statuses].map(([name]) => name)

/**
 * Of each text, every element expat meets: the one below the root it stands in, its name with prefix, and whether it
 * declares the prefix. Fails where a prefix is not declared.
 */
const elements = `
import sys, json
from xml.parsers import expat
from xml.etree import ElementTree

def elements(text):
    ElementTree.fromstring(text)
    seen, stack = [], []
    def start(name, attributes):
        stack.append(name)
        seen.append([stack[1] if len(stack) > 1 else '', name, 'xmlns:edXML' in attributes])
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: stack.pop()
    parser.Parse(text, True)
    return seen

print(json.dumps([elements(text.encode()) for text in json.load(sys.stdin)]))
`

describe('written packets', () => {
  it('are one file each, and no more', () => {
    const files = readdirSync(new URL('../../test/fixtures/written', import.meta.url))
    assert.deepEqual(files.toSorted(), names.map((name) => `${name}.edxml`).toSorted())
  })

  for (const [name, packet] of documents) {
    it(`are the same bytes: ${name}`, async () => {
      const written = await collect(writeDocument(packet))

      assert.equal(withoutPayloads(written), withoutPayloads(golden(name)))
      const [now, before] = [await readAll(written), await readAll(golden(name))]
      assert.deepEqual(now, before)
      assert.deepEqual(
        now.attachments.map(({ content }) => content),
        packet.attachments.map(({ content }) => content),
      )
    })
  }

  for (const [name, packet] of statuses) {
    it(`are the same bytes: ${name}`, () => {
      assert.equal(Buffer.from(writeStatus(packet)).toString(), golden(name).toString())
    })
  }

  for (const name of names) {
    it(`draw no warning: ${name}`, async () => {
      const reader = openHeaderReader()
      reader.write(golden(name))
      reader.end()
      assert.deepEqual(reader.warnings, [])
      for await (const part of readPacket(golden(name))) {
        const { warnings } = part.kind === 'header' ? part : await part.facts()
        assert.deepEqual(warnings, [])
      }
    })
  }

  it('carry the prefix where it belongs, as an independent parser sees them', (t) => {
    if (!hasPython()) {
      t.skip(pythonMissing)
      return
    }
    const packets = names.map((name) => golden(name).toString())
    const found = JSON.parse(python(elements, Buffer.from(JSON.stringify(packets))).toString()) as [
      string,
      string,
      boolean,
    ][][]
    assert.deepEqual(
      found.map((seen) => seen.length > 10),
      names.map(() => true),
    )
    for (const [under, element, declares] of found.flat()) {
      const isContent = element.endsWith('ContentTransferEncoded')
      assert.equal(element.startsWith('edXML:'), under === 'edXML:edXMLEnvelope' || isContent, element)
      assert.equal(declares, element === 'edXML:edXMLEnvelope' || isContent, element)
    }
  })
})
