/** A node to be killed: `node node-program.js PLAN`. */
import { readFileSync } from 'node:fs'
import { type NodePlan, openPlanned } from './served-node.ts'

await openPlanned(JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as NodePlan)
