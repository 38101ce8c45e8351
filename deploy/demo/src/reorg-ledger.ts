/** Who should have what when recipients close meanwhile: each recipient, or who took over from it, and nobody twice. */
import type { OrganId } from '@lienthong/core'
import type { ClientReport, Letter } from './ledger.ts'

type Sent = Pick<Letter, 'title' | 'sha256' | 'to'>

export class ReorgLedger {
  readonly #sent: Sent[] = []
  readonly #read = new Map<string, OrganId[]>()
  readonly #heirs: ReadonlyMap<OrganId, OrganId>

  constructor(heirs: ReadonlyMap<OrganId, OrganId>) {
    this.#heirs = heirs
  }

  sent(letter: Sent): void {
    this.#sent.push(letter)
  }

  received({ sha256, organ }: Pick<ClientReport, 'sha256' | 'organ'>): void {
    this.#read.set(sha256, [...(this.#read.get(sha256) ?? []), organ])
  }

  hasRead(organ: OrganId, sha256: string): boolean {
    return this.#read.get(sha256)?.includes(organ) ?? false
  }

  /** True when every recipient, or who took over from it, has read its document. */
  get answered(): boolean {
    return this.#sent.every((letter) => this.#lost(letter).length === 0)
  }

  totals() {
    const due = this.#sent.reduce((sum, { to }) => sum + to.length, 0)
    const lost = this.#sent.reduce((sum, letter) => sum + this.#lost(letter).length, 0)
    const duplicated = this.#sent.reduce((sum, letter) => sum + this.#doubled(letter).length, 0)
    return { due, delivered: due - lost, lost, duplicated }
  }

  /** `25/DEMO: H29.18 has it not`, one line each. */
  faults(): readonly string[] {
    return this.#sent.flatMap((letter) => [
      ...this.#lost(letter).map((organ) => `${letter.title}: ${organ} ∅`),
      ...this.#doubled(letter).map(
        (organ) => `${letter.title}: ${organ} ×2 (${this.#read.get(letter.sha256)?.join(' ')})`,
      ),
    ])
  }

  #lost({ to, sha256 }: Sent): readonly OrganId[] {
    const read = this.#read.get(sha256) ?? []
    return to.filter((organ) => !read.includes(organ) && !read.includes(this.#heirs.get(organ) ?? organ))
  }

  /** Twice at one reader; or at a recipient that closed and at who took over, which was no recipient itself. */
  #doubled({ to, sha256 }: Sent): readonly OrganId[] {
    const read = this.#read.get(sha256) ?? []
    return read.filter((organ, index) => {
      if (read.indexOf(organ) !== index) return true
      if (to.includes(organ)) return false
      const predecessors = to.filter((other) => this.#heirs.get(other) === organ)
      // None at all: nobody sent it there.
      return predecessors.every((other) => read.includes(other))
    })
  }
}
