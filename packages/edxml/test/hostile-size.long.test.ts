import { describe } from 'node:test'
import { boundsEach, sizeCases } from './size-kit.ts'

describe('the size of a header', () => {
  boundsEach(sizeCases, 1)
})
