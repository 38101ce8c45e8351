/** Webhooks: who wants to be told of what, how far each has been told, and what follows when telling fails. */
import { randomBytes } from 'node:crypto'
import { afterHookFailure, hookEventTypes, RelayError } from '@lienthong/core'
import type { ActRecord, HookRecord, SealedHook } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { HookDoor } from './doors.ts'
import type { Systems } from './system-door.ts'
import type { Vault } from './vault.ts'

const maxHooks = 32
const maxUrlLength = 2000
const claimMs = 300_000
const claimedHooks = 64
const eventsEach = 16
/** Characters kept of what went wrong. */
const maxErrorLength = 500

export function createHookDoor(
  context: NodeContext,
  { systems, vault }: { readonly systems: Systems; readonly vault: Vault },
): HookDoor {
  const { hooks } = context.store

  function act(type: string, detail: ActRecord['detail']): ActRecord {
    return { at: context.now(), type, detail }
  }

  function notFound(id: string): RelayError {
    return new RelayError('NOT_FOUND', { detail: { what: id } })
  }

  async function pause(hook: Pick<HookRecord, 'system' | 'id'>, paused: boolean, by: string): Promise<void> {
    const detail = { by, hook: hook.id, system: hook.system }
    const pausedAt = paused ? context.now() : null
    if (!(await hooks.pause(hook, pausedAt, act(paused ? 'hook.pause' : 'hook.resume', detail))))
      throw notFound(hook.id)
  }

  /** Those that can be read, newest first. */
  function secretsOf({ hook, secret, earlier }: SealedHook): readonly string[] {
    const sealed = earlier === null ? [secret] : [secret, earlier]
    return sealed.map((each) => vault.open(each, hookPurpose(hook.id))).filter((each) => each !== null)
  }

  /** The store has one process at a time: whatever was claimed when this one began is nobody's. */
  let unclaimed: Promise<void> | undefined
  /** Most nodes have none. null: the store must say. */
  let hasAny: boolean | null = null

  return {
    async add(system, request) {
      const organ = systems.actingAs(system, request.organ, 'hooks')
      const url = urlOf(request.url)
      const events = hookEventTypes.filter((type) => request.events.includes(type))
      if (events.length === 0) throw new RelayError('USAGE', { detail: { reason: 'events' } })
      if ((await hooks.list(system)).length >= maxHooks) {
        throw new RelayError('HOOKS_FULL', { detail: { limit: maxHooks } })
      }
      const id = randomBytes(16).toString('hex')
      const secret = newSecret()
      const hook = { id, system, organ, url, events, createdAt: context.now(), pausedAt: null }
      const detail = { by: system, hook: id, system, organ, url: withoutQuery(url), events }
      hasAny = true
      await hooks.add({ ...hook, secret: vault.seal(secret, hookPurpose(id)) }, act('hook.add', detail))
      return { hook: { ...hook, failures: 0, failingSince: null, lastError: null, nextAt: 0 }, secret }
    },
    list: (system) => hooks.list(system),
    async open(system, id) {
      const found = await hooks.get({ system, id }, context.now())
      if (found === null) throw notFound(id)
      return { hook: found.hook, secrets: secretsOf(found) }
    },
    async rotate(system, id, { overlapMs }) {
      const secret = newSecret()
      const change = { secret: vault.seal(secret, hookPurpose(id)), earlierUntil: context.now() + overlapMs }
      if (!(await hooks.rotate({ system, id }, change, act('hook.rotate', { by: system, hook: id, system })))) {
        throw notFound(id)
      }
      return { secret }
    },
    async remove(system, id) {
      hasAny = null
      if (!(await hooks.remove(system, id, act('hook.remove', { by: system, hook: id, system })))) throw notFound(id)
    },
    pause: (system, id, paused) => pause({ system, id }, paused, system),
    get none() {
      return hasAny === false
    },
    async due() {
      await (unclaimed ??= hooks.unclaim())
      if (hasAny === null) {
        const found = (await hooks.list()).length > 0
        // One may have been added meanwhile.
        hasAny ??= found
      }
      if (!hasAny) return []
      const claimed = await hooks.claim({
        now: context.now(),
        claimMs,
        limit: claimedHooks,
        events: eventsEach,
        owners: systems.hookOwners(),
      })
      const readable = []
      for (const { events, ...sealed } of claimed) {
        const { hook } = sealed
        const secrets = secretsOf(sealed)
        if (secrets.length > 0) readable.push({ hook, secrets, events })
        // The node's key was replaced without the earlier one: nobody could check what would be sent.
        else await pause(hook, true, 'node: its secret cannot be read')
      }
      return readable
    },
    async succeeded({ hook, events }) {
      const outcome = { failures: 0, failingSince: null, lastError: null, nextAt: 0, pausedAt: null }
      await hooks.settle(hook.id, { told: events, ...outcome })
    },
    async failed({ hook, events }, { told, error, gone = false }) {
      const happened = { now: context.now(), random: Math.random(), progress: told > 0, gone }
      const verdict = afterHookFailure(hook, happened)
      const lastError = error.slice(0, maxErrorLength)
      await hooks.settle(hook.id, { told: events.slice(0, told), lastError, ...verdict, pausedAt: null })
      if (verdict.pausedAt === null) return
      context.log('warn', 'webhook paused after failing for long', { detail: { hook: hook.id, system: hook.system } })
      await pause(hook, true, 'node: it failed for long')
    },
  }
}

function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`
}

function hookPurpose(id: string): string {
  return `hook ${id} secret`
}

/** Throws USAGE. */
function urlOf(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : null
  const isGood =
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.href.length <= maxUrlLength
  if (!isGood) throw new RelayError('USAGE', { detail: { reason: 'url' } })
  return url.href
}

/** People put tokens there. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
