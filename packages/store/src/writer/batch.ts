/**
 * Group commit: many operations, one transaction, one fsync, separate failures.
 *
 * Each operation runs under its own savepoint. Nothing is answered before the commit is on disk; a
 * failed commit fails every operation of the batch. When SQLite itself ends the transaction in the
 * middle (a full disk does that), what the others did is undone too, so each is tried again alone.
 */
import type { Failure } from './failure.ts'
import { failureOf } from './failure.ts'
import type { Answer, Call } from './messages.ts'
import type { OperationName } from './operations.ts'
import { operations } from './operations.ts'
import type { Session } from './session.ts'

interface Outcome {
  readonly answers: readonly Answer[]
  readonly released: readonly string[]
}

/** Runs the calls in order and commits. Never throws. */
export function runBatch(session: Session, calls: readonly Call[]): Outcome {
  session.released = []
  const before = session.tally
  const writing = calls.some((call) => operations[call.name as OperationName].writes)
  try {
    session.sql.exec(writing ? 'BEGIN IMMEDIATE' : 'BEGIN')
    const answers = calls.length === 1 ? runAlone(session, calls) : runEach(session, calls)
    if (answers === null) {
      session.tally = before
      return retryEach(session, calls)
    }
    session.sql.exec('COMMIT')
    return { answers, released: session.released }
  } catch (error) {
    if (session.sql.inTransaction) session.sql.exec('ROLLBACK')
    session.tally = before
    return { answers: failAll(calls, failureOf(error)), released: [] }
  }
}

/** One operation needs no savepoint: its failure ends its transaction. */
function runAlone(session: Session, calls: readonly Call[]): Answer[] {
  return calls.map((call) => ({ id: call.id, value: run(session, call) }))
}

/** null: SQLite rolled everything back. */
function runEach(session: Session, calls: readonly Call[]): Answer[] | null {
  const { sql } = session
  const answers: Answer[] = []
  for (const call of calls) {
    const { tally, released } = session
    const releasedBefore = released.length
    sql.run('SAVEPOINT operation')
    try {
      answers.push({ id: call.id, value: run(session, call) })
    } catch (error) {
      if (!sql.inTransaction) return null
      sql.run('ROLLBACK TO operation')
      session.tally = tally
      released.length = releasedBefore
      answers.push({ id: call.id, failure: failureOf(error) })
    }
    sql.run('RELEASE operation')
  }
  return answers
}

function run(session: Session, call: Call): unknown {
  const operation = operations[call.name as OperationName] as {
    run: (session: Session, args: unknown) => unknown
  }
  return operation.run(session, call.args)
}

function retryEach(session: Session, calls: readonly Call[]): Outcome {
  const outcomes = calls.map((call) => runBatch(session, [call]))
  return {
    answers: outcomes.flatMap((outcome) => outcome.answers),
    released: outcomes.flatMap((outcome) => outcome.released),
  }
}

export function failAll(calls: readonly Call[], failure: Failure): Answer[] {
  return calls.map((call) => ({ id: call.id, failure }))
}
