/**
 * Messages published on one channel and not yet confirmed, in order. The broker numbers publishes 1, 2, 3 … as the
 * channel does; a confirm names one number or, with `multiple`, all up to it.
 */
export class ConfirmWindow<Item> {
  #published = 0
  readonly #open = new Map<number, Item>()

  get size(): number {
    return this.#open.size
  }

  /** The number that the next message will have. */
  get next(): number {
    return this.#published + 1
  }

  /** Adds the next message. */
  push(item: Item): void {
    this.#published += 1
    this.#open.set(this.#published, item)
  }

  /** Takes out what a confirm covers, in order; nothing when it was covered before. */
  settle(tag: number, multiple: boolean): readonly Item[] {
    const settled: Item[] = []
    if (multiple) {
      // Insertion order is number order: the walk ends at the first number beyond.
      for (const [number, item] of this.#open) {
        if (number > tag) break
        this.#open.delete(number)
        settled.push(item)
      }
      return settled
    }
    const item = this.#open.get(tag)
    if (this.#open.delete(tag)) settled.push(item as Item)
    return settled
  }

  /** The message of that number while it is unconfirmed. */
  get(number: number): Item | undefined {
    return this.#open.get(number)
  }

  /** Unconfirmed messages, oldest first. */
  [Symbol.iterator](): IterableIterator<Item> {
    return this.#open.values()
  }

  /** Takes out everything, oldest first: the channel has ended. */
  drain(): readonly Item[] {
    const left = [...this.#open.values()]
    this.#open.clear()
    return left
  }
}
