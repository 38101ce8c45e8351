/** Writes test/fixtures/vectors.json and its part of PROTOCOL.md. Only a new major version of the wire is a reason to run it. */
import { readFileSync, writeFileSync } from 'node:fs'

import { withVectors } from './vector-page.ts'
import { makeVectors } from './vectors.ts'

const vectors = makeVectors()
const file = new URL('../../test/fixtures/vectors.json', import.meta.url)
const page = new URL('../../PROTOCOL.md', import.meta.url)
writeFileSync(file, `${JSON.stringify(vectors, null, 2)}\n`)
writeFileSync(page, withVectors(readFileSync(page, 'utf8'), vectors))
