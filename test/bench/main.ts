/** `npm run bench`: measures in one run, prints one line for each figure, and keeps them in results.csv. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Teardown } from '../kit/index.ts'
import { type ClimbParts, latencyFigures, throughputFigures } from './climb.ts'
import { clusterFigures } from './cluster.ts'
import { startCounter } from './counting.ts'
import { provinceFigures, wholePathFigures } from './federation-figures.ts'
import { type Figure, lineOf } from './figure.ts'
import { hostingFigures } from './hosting.ts'
import { httpFigures } from './http-path.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { createPackets, type Packets } from './packets.ts'
import { openProgress, type Progress } from './progress.ts'
import { startRelays } from './relay-processes.ts'
import { appendFigures, circumstances } from './results-file.ts'
import { prepareShovels } from './shovel.ts'
import { commune, department, district, province, type Stage, setStage, wholePath } from './stage.ts'

/** The checkout's own file, not one beside the compiled program. */
const resultsFile = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bench', 'results.csv')

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions
  try {
    options = readOptions(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return 2
  }
  const cleaners: (() => void | Promise<void>)[] = []
  const teardown: Teardown = { after: (clean) => void cleaners.push(clean) }
  const cleanUp = async (): Promise<void> => {
    for (const clean of cleaners.splice(0).reverse()) await clean()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)))
  }
  try {
    const figures = await measure(options, teardown)
    if (options.record) appendFigures(resultsFile, circumstances(dirname(resultsFile)), figures)
    process.stdout.write(`\n${figures.map(lineOf).join('\n')}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  } finally {
    await cleanUp()
  }
}

interface Scene {
  readonly stage: Stage
  readonly packets: Packets
  readonly options: BenchOptions
  readonly progress: Progress
  readonly teardown: Teardown
}

async function measure(options: BenchOptions, teardown: Teardown): Promise<readonly Figure[]> {
  const progress = openProgress()
  progress('starting a broker')
  const scene: Scene = { stage: await setStage(teardown), packets: createPackets(), options, progress, teardown }
  const wanted = (...names: readonly BenchOptions['parts'][number][]): boolean =>
    names.some((name) => options.parts.includes(name))
  return [
    ...(wanted('throughput', 'latency') ? await climb(scene) : []),
    ...(wanted('whole-path', 'http') ? await acrossAll(scene) : []),
    ...(wanted('province') ? await inProvince(scene) : []),
    ...(wanted('hosting') ? await hostingFigures(scene) : []),
    ...(wanted('cluster') ? await clusterFigures(scene) : []),
  ]
}

async function climb(scene: Scene): Promise<readonly Figure[]> {
  const { stage, options, teardown } = scene
  const relays = await startRelays(stage, [commune, district, province], { ...options, teardown })
  const parts: ClimbParts = {
    ...scene,
    relays,
    counter: startCounter(teardown),
    shovels: await prepareShovels(stage, options.shovelSource, teardown),
  }
  const figures = [
    ...(options.parts.includes('throughput') ? await throughputFigures(parts) : []),
    ...(options.parts.includes('latency') ? await latencyFigures(parts) : []),
  ]
  await relays.stop()
  return figures
}

async function acrossAll(scene: Scene): Promise<readonly Figure[]> {
  const relays = await startRelays(scene.stage, wholePath, { ...scene.options, teardown: scene.teardown })
  const { parts } = scene.options
  const figures = [
    ...(parts.includes('whole-path') ? await wholePathFigures({ ...scene, relays }) : []),
    ...(parts.includes('http') ? await httpFigures({ ...scene, relays }) : []),
  ]
  await relays.stop()
  return figures
}

async function inProvince(scene: Scene): Promise<readonly Figure[]> {
  const relays = await startRelays(scene.stage, [department, district, province], {
    ...scene.options,
    teardown: scene.teardown,
  })
  const figures = await provinceFigures({ ...scene, relays })
  await relays.stop()
  return figures
}
