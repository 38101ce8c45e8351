import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { keepRounds } from '../src/rounds.ts'

/** Far longer than a test takes. */
const longMs = 3_600_000

/** Answers of the rounds in turn, the last one for good. */
function watched(
  t: TestContext,
  answers: readonly (number | null)[],
  options: { leastMs?: number; mostMs?: number } = {},
) {
  const beganAt: number[] = []
  const more: (() => void)[] = []
  const rounds = keepRounds({
    leastMs: 0,
    mostMs: longMs,
    ...options,
    round: async () => {
      const answer = answers[Math.min(beganAt.length, answers.length - 1)] ?? null
      beganAt.push(performance.now())
      for (const each of more.splice(0)) each()
      return answer
    },
  })
  // Its timers keep no process alive.
  const alive = setInterval(() => undefined, longMs)
  t.after(async () => {
    clearInterval(alive)
    await rounds.stop()
  })
  return {
    rounds,
    beganAt,
    /** During the next round. */
    onNext: (act: () => void) => void more.push(act),
    async until(count: number) {
      while (beganAt.length < count) await new Promise<void>((resolve) => more.push(resolve))
    },
  }
}

describe('rounds', { timeout: 10_000 }, () => {
  it('begin at once, and come again when the last one said, though no sooner than they may', async (t) => {
    const run = watched(t, [100, 0], { leastMs: 40 })
    await run.until(3)
    const [first = 0, second = 0, third = 0] = run.beganAt
    // Timers may be a millisecond early by this clock.
    assert.ok(second - first >= 99, `after ${second - first} ms`)
    assert.ok(third - second >= 39, `after ${third - second} ms`)
  })

  it('come after the longest rest when nothing is in sight, or it lies far off', async (t) => {
    await watched(t, [null, longMs], { mostMs: 20 }).until(3)
  })

  it('that rest long come in the same moment of the process, whenever they began', async (t) => {
    const mostMs = 400
    const first = watched(t, [150, null], { mostMs })
    await first.until(1)
    const second = watched(t, [null], { mostMs })
    await Promise.all([first.until(5), second.until(4)])
    const turnOf = (at: number) => Math.floor(at / mostMs)
    const together = second.beganAt.slice(1).flatMap((at) => {
      const other = first.beganAt.slice(2).find((each) => turnOf(each) === turnOf(at))
      return other === undefined ? [] : [Math.abs(at - other)]
    })
    assert.ok(together.length > 0)
    for (const apartMs of together) assert.ok(apartMs < 50, `${apartMs} ms apart`)
  })

  it('are woken: from rest at once, and by a word while one runs', async (t) => {
    const run = watched(t, [null])
    await run.until(1)
    await new Promise(setImmediate)
    run.onNext(() => run.rounds.wake())
    run.rounds.wake()
    await run.until(3)
  })

  it('have ended after stop, which waits for the one that runs', async (t) => {
    const run = watched(t, [0])
    await run.until(1)
    await run.rounds.stop()
    const { length } = run.beganAt
    run.rounds.wake()
    // Set later, it fires later than one that `wake` might have set.
    await new Promise((resolve) => setTimeout(resolve, 1))
    assert.equal(run.beganAt.length, length)
  })
})
