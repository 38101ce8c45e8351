/** Writes the golden files of `golden.test.ts` anew; look at the difference before keeping it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { writeDocument, writeStatus } from '../src/index.ts'
import { collect } from './fixture.ts'
import { documents, statuses } from './written-kit.ts'

const folder = new URL('../../test/fixtures/written/', import.meta.url)
mkdirSync(folder, { recursive: true })
const keep = (name: string, packet: Uint8Array): void => writeFileSync(new URL(`${name}.edxml`, folder), packet)

for (const [name, packet] of documents) keep(name, await collect(writeDocument(packet)))
for (const [name, packet] of statuses) keep(name, writeStatus(packet))
