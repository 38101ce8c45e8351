/** Tasks that get ready side by side and then act in the order in which they came. */
export class Line {
  #last: Promise<void> = Promise.resolve()

  /** `act` begins after the acts of all earlier calls have begun; it does not wait for their end. */
  async run<Ready, Result>(prepare: () => Promise<Ready>, act: (ready: Ready) => Promise<Result>): Promise<Result> {
    const before = this.#last
    let letNext: () => void = () => {}
    this.#last = new Promise((resolve) => {
      letNext = resolve
    })
    try {
      const ready = await prepare()
      await before
      const acting = act(ready)
      letNext()
      return await acting
    } finally {
      void before.then(letNext)
    }
  }
}
