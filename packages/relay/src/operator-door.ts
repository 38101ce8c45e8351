/** Who may administer from elsewhere. Whoever may open the control socket needs none of this. */
import { RelayError } from '@lienthong/core'
import type { ActRecord, OperatorKeyRecord, OperatorRecord } from '@lienthong/store'
import type { OperatorDoor, OperatorView } from './admin-doors.ts'
import { digestOf, makeOperatorKey } from './api-key.ts'
import type { NodeContext } from './context.ts'
import { takeTurns } from './turns.ts'

/** Part of the key, and what stands in the chain of events. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Each call asks, so all of it is in memory. */
export async function openOperatorDoor(context: NodeContext): Promise<OperatorDoor> {
  const { access } = context.store
  const inTurn = takeTurns()
  const loaded = await access.loadOperators()
  const operators = new Map(loaded.operators.map((operator) => [operator.id, operator]))
  const keys = new Map(loaded.keys.map((key) => [key.digest, key]))

  function isOver({ expiresAt }: OperatorKeyRecord, at = context.now()): boolean {
    return expiresAt !== null && expiresAt <= at
  }

  function view(operator: OperatorRecord): OperatorView {
    const own = [...keys.values()].filter((key) => key.operator === operator.id && !isOver(key))
    return { ...operator, keys: own.map(({ id, createdAt, expiresAt }) => ({ id, createdAt, expiresAt })) }
  }

  function known(id: string): OperatorRecord {
    const operator = operators.get(id)
    if (operator === undefined) throw new RelayError('NOT_FOUND', { detail: { what: id } })
    return operator
  }

  async function write(
    change: { readonly operator?: OperatorRecord; readonly keys?: readonly OperatorKeyRecord[] },
    act: Omit<ActRecord, 'at'>,
  ): Promise<void> {
    const { operator, keys: written = [] } = change
    const stored = await access.writeOperators({
      operators: operator === undefined ? [] : [operator],
      keys: written,
      act: { ...act, at: context.now() },
    })
    if (operator !== undefined) operators.set(operator.id, operator)
    for (const key of stored) keys.set(key.digest, key)
  }

  function recordOf(operator: string, key: string): OperatorKeyRecord {
    return { id: 0, operator, digest: digestOf(key), createdAt: context.now(), expiresAt: null }
  }

  return {
    list: () => [...operators.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(view),
    add: ({ id, name = id, role }, by) =>
      inTurn(async () => {
        if (!idPattern.test(id))
          throw new RelayError('CONFIG_INVALID', { detail: { id, reason: 'no id for an operator' } })
        if (operators.has(id)) throw new RelayError('OPERATOR_EXISTS', { detail: { operator: id } })
        const operator: OperatorRecord = { id, name, role, createdAt: context.now(), disabledAt: null }
        const key = makeOperatorKey(id)
        const detail = { by, operator: id, before: null, after: factsOf(operator) }
        await write({ operator, keys: [recordOf(id, key)] }, { type: 'operator.add', detail })
        return { operator: view(operator), key }
      }),
    rotate: (id, { overlapMs }, by) =>
      inTurn(async () => {
        const operator = known(id)
        const until = context.now() + Math.max(0, overlapMs)
        const ending = [...keys.values()]
          .filter((old) => old.operator === id && !isOver(old, until))
          .map((old) => ({ ...old, expiresAt: until }))
        const key = makeOperatorKey(id)
        const detail = { by, operator: id, ended: ending.map((old) => old.id), endsAt: until }
        await write({ keys: [...ending, recordOf(id, key)] }, { type: 'operator.rotate', detail })
        return { operator: view(operator), key }
      }),
    change: (id, { name, role, disabled }, by) =>
      inTurn(async () => {
        const before = known(id)
        const operator: OperatorRecord = {
          ...before,
          name: name ?? before.name,
          role: role ?? before.role,
          disabledAt:
            disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? context.now()) : null,
        }
        const type = disabled === true ? 'operator.disable' : 'operator.change'
        const detail = { by, operator: id, before: factsOf(before), after: factsOf(operator) }
        await write({ operator }, { type, detail })
        return view(operator)
      }),
    authenticate(key) {
      const found = keys.get(digestOf(key))
      const operator = found === undefined || isOver(found) ? undefined : operators.get(found.operator)
      return operator === undefined || operator.disabledAt !== null ? null : view(operator)
    },
    record: ({ type, detail }, by) => write({}, { type, detail: { ...detail, by } }),
  }
}

function factsOf({ name, role, disabledAt }: OperatorRecord): Readonly<Record<string, unknown>> {
  return { name, role, disabledAt }
}
