/** Runs acts one after the other: each is decided on what the one before left. */
export function takeTurns(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const mine = last.then(act, act)
    last = mine.catch(() => undefined)
    return mine
  }
}
