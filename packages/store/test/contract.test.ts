import { contractSuite } from './contract-suite.ts'
import { openTemporary } from './samples.ts'

contractSuite('the embedded store', openTemporary)
