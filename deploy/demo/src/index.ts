export type { DemoOptions } from './demo.ts'
export { runDemo } from './demo.ts'
export type { DemoFile } from './demo-file.ts'
