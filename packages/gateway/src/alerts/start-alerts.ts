/**
 * Looks at a node by the clock and tells people what became of it.
 *
 * ```
 *   observe ──▶ watchAlerts ──▶ one message for all that is new ──▶ queue of each way ──▶ mail, webhook
 *      every `everyMs`                                          alerts.json, before it is told
 * ```
 *
 * - Nothing here is waited for by the node: looks and messages have deadlines, and what fails is only logged.
 * - What was said and what waits is on disk before it is sent, so that a restart neither repeats nor forgets it. A message whose
 *   sending was cut off is told again under the same id.
 * - A disk that takes nothing more is itself an alert: then what is known stays in memory and is told all the same.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AlertObservations,
  type AlertWay,
  type AlertWayStep,
  alertFailed,
  alertTold,
  defaultAlertRetry,
  emptyAlertWay,
  queueAlert,
  watchAlerts,
} from '@lienthong/core'
import { emptyAlertBook, readAlertBook, writeAlertBook } from './book-file.ts'
import { type AlertBook, type AlertOptions, type Alerts, type AlertWayName, alertWayNames } from './contract.ts'
import { letterOf } from './letter.ts'
import { openWays } from './open-ways.ts'

/** A look that takes longer has failed. */
const lookTimeoutMs = 30_000
/** A disk that takes longer to write is not waited for. */
const saveTimeoutMs = 5000
/** What is being sent at the end has this long. */
const closeGraceMs = 2000

/** Throws CONFIG_INVALID. */
export async function startAlerts(options: AlertOptions): Promise<Alerts> {
  const {
    node,
    dataDir,
    observe,
    everyMs,
    remindAfterMs,
    language,
    now = Date.now,
    retry = defaultAlertRetry,
  } = options
  const log: AlertOptions['log'] = (level, message, fields = {}) => options.log(level, message, { node, ...fields })
  const tell = openWays(options.ways, now)
  const found = await readAlertBook(dataDir)
  if (found === null) log('warn', 'alerts.json cannot be read: what was told before is told again')
  const stopping = new AbortController()
  const cut = new AbortController()
  let book = onlyWays(found ?? emptyAlertBook, Object.keys(tell) as AlertWayName[])
  let isSaved = true
  let saving = Promise.resolve()
  const wake: Partial<Record<AlertWayName, () => void>> = {}

  /** Resolves when what is known now is on disk, or the disk has refused it. */
  function save(): Promise<void> {
    saving = saving.then(async () => {
      try {
        await writeAlertBook(dataDir, book)
        isSaved = true
      } catch (error) {
        if (isSaved) log('error', 'alerts.json cannot be written', { detail: { error: String(error) } })
        isSaved = false
      }
    })
    return saved()
  }

  async function saved(): Promise<void> {
    const timer = new AbortController()
    const late = sleep(saveTimeoutMs, undefined, { signal: timer.signal }).catch(() => undefined)
    await Promise.race([saving, late])
    timer.abort()
  }

  async function change(next: AlertBook): Promise<void> {
    if (next === book) return
    book = next
    await save()
  }

  function wayChanged(name: AlertWayName, { way, dropped }: AlertWayStep): AlertBook {
    for (const { id } of dropped) log('error', 'an alert is given up', { detail: { way: name, id } })
    return { ...book, ways: { ...book.ways, [name]: way } }
  }

  async function look(): Promise<void> {
    const at = now()
    const observations = await observed(observe)
    const { conditions, news } = watchAlerts(book.conditions, observations, { now: at, remindAfterMs })
    if (conditions === book.conditions) return
    for (const { change: what, kind, about, grade } of news) {
      log(what === 'ended' ? 'info' : 'warn', `alert ${what}`, { detail: { kind, about, grade } })
    }
    let next: AlertBook = { ...book, conditions }
    if (news.length > 0) {
      const alert = { id: randomUUID(), at, news }
      for (const name of Object.keys(tell) as AlertWayName[]) {
        const { ways } = wayChanged(name, queueAlert(next.ways[name], alert))
        next = { ...next, ways: { ...next.ways, [name]: ways[name] } }
      }
    }
    await change(next)
    for (const name of alertWayNames) wake[name]?.()
  }

  async function lookByTheClock(): Promise<void> {
    // Nodes that share a process do not all look at once.
    for (let pauseMs = everyMs * (0.5 + Math.random() / 2); await paused(pauseMs); pauseMs = everyMs) {
      await look().catch((error: unknown) =>
        log('error', 'a look for alerts failed', { detail: { error: String(error) } }),
      )
    }
  }

  function paused(ms: number): Promise<boolean> {
    return sleep(ms, undefined, { signal: stopping.signal }).then(
      () => true,
      () => false,
    )
  }

  async function tellByTurns(name: AlertWayName): Promise<void> {
    while (!stopping.signal.aborted) {
      const { queue, nextAt } = book.ways[name]
      const [first] = queue
      if (first === undefined) await untilWoken(name, null)
      else if (nextAt > now()) await untilWoken(name, nextAt - now())
      else await tellOne(name, first)
    }
  }

  async function tellOne(name: AlertWayName, alert: AlertWay['queue'][number]): Promise<void> {
    // Not before it is on disk: what a process tells and forgets, the next one tells again.
    await saved()
    const attempt = (await tell[name]?.(letterOf(language, node, alert), cut.signal)) ?? null
    if (attempt === null || (!attempt.told && cut.signal.aborted)) return
    if (attempt.told) {
      if (attempt.error !== null)
        log('warn', 'an alert reached not everybody', { detail: { way: name, error: attempt.error } })
      return change(wayChanged(name, { way: alertTold(book.ways[name], alert.id), dropped: [] }))
    }
    const { refused, error } = attempt
    log('warn', 'an alert could not be told', { detail: { way: name, error } })
    const failure = { now: now(), random: Math.random(), error: error ?? '', refused }
    return change(wayChanged(name, alertFailed(book.ways[name], failure, retry)))
  }

  function untilWoken(name: AlertWayName, ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(done, Math.min(ms, 2 ** 31 - 1))
      function done() {
        clearTimeout(timer)
        delete wake[name]
        resolve()
      }
      wake[name] = () => {
        // News does not hurry a server that does not take what is before it.
        if (ms === null || stopping.signal.aborted) done()
      }
      if (stopping.signal.aborted) done()
    })
  }

  const running = [lookByTheClock(), ...alertWayNames.filter((name) => name in tell).map(tellByTurns)]
  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    stopping.abort()
    for (const name of alertWayNames) wake[name]?.()
    const timer = setTimeout(() => cut.abort(), closeGraceMs)
    await Promise.all(running)
    clearTimeout(timer)
    await (isSaved ? saved() : save())
  }

  return {
    close: () => (closed ??= close()),
  }
}

/** A new process tries at once. What waits for a way that is configured no more is not kept for ever. */
function onlyWays(book: AlertBook, names: readonly AlertWayName[]): AlertBook {
  const wayOf = (name: AlertWayName) =>
    names.includes(name) ? { ...emptyAlertWay, queue: book.ways[name].queue } : emptyAlertWay
  return { ...book, ways: { mail: wayOf('mail'), webhook: wayOf('webhook') } }
}

/** A node that does not answer for itself is one alert, and says nothing of the others. */
async function observed(observe: AlertOptions['observe']): Promise<AlertObservations> {
  const timer = new AbortController()
  const node = { kind: 'node', about: '', value: null } as const
  const late = sleep(lookTimeoutMs, undefined, { signal: timer.signal }).then(
    () => {
      throw new Error(`no answer within ${lookTimeoutMs / 1000} s`)
    },
    () => undefined as never,
  )
  try {
    const { seen, complete } = await Promise.race([observe(), late])
    return { seen: [{ ...node, grade: 0, notes: [] }, ...seen], complete }
  } catch (error) {
    return { seen: [{ ...node, grade: 2, notes: [reasonOf(error)] }], complete: false }
  } finally {
    timer.abort()
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as Error & { readonly code?: unknown }
  return typeof code === 'string' ? code : message
}
