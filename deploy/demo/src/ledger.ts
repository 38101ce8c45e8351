/**
 * Who should have what, and what the receiving clients say they have.
 *
 * One side comes from the senders (SHA-256 of the bytes they handed in, and to whom), the other from the clients
 * (SHA-256 of the bytes they read). No node is asked: a node that lies to itself would still be found out.
 */
import type { OrganId } from '@lienthong/core'

/** A packet as its sender knows it. */
export interface Letter {
  /** Short name on screen: `12/UBND`. */
  readonly title: string
  readonly uid: string
  readonly sha256: string
  readonly bytes: number
  readonly from: OrganId
  readonly to: readonly OrganId[]
}

/** A packet as a receiving client read it, one per item of its mailbox. */
export interface ClientReport {
  readonly organ: OrganId
  readonly item: number
  readonly uid: string
  readonly sha256: string
  readonly bytes: number
  readonly from: OrganId
  /** When the node put it in the mailbox, and when the client had read it; ms since 1970. */
  readonly deliveredAt: number
  readonly readAt: number
}

/** What became of one document at one recipient. */
export interface Outcome {
  readonly letter: Letter
  readonly organ: OrganId
  /** In the order they were read; one is right. */
  readonly reports: readonly ClientReport[]
}

export interface Totals {
  readonly due: number
  readonly delivered: number
  readonly lost: number
  readonly duplicated: number
  /** Items nobody sent to that organisation: other bytes, or another recipient. */
  readonly strange: number
}

export class Ledger {
  readonly #letters: Letter[] = []
  readonly #reports: ClientReport[] = []
  readonly #listeners = new Set<(report: ClientReport) => void>()

  /** Called by the sender when its node has accepted the packet. */
  sent(letter: Letter): void {
    this.#letters.push(letter)
  }

  received(report: ClientReport): void {
    this.#reports.push(report)
    for (const listener of this.#listeners) listener(report)
  }

  /** Hears of every report from now on; returns a function that ends it. */
  listen(listener: (report: ClientReport) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What this organisation's client has read with exactly these bytes. */
  reports(letter: Letter, organ: OrganId): readonly ClientReport[] {
    return this.#reports.filter((report) => report.organ === organ && report.sha256 === letter.sha256)
  }

  /** True when the client has read something under this document's uid that is not the document. */
  otherBytes(letter: Letter, organ: OrganId): boolean {
    const { uid, sha256 } = letter
    return this.#reports.some((report) => report.organ === organ && report.uid === uid && report.sha256 !== sha256)
  }

  /** True when every recipient's client has read something under each document's uid, right or wrong. */
  get answered(): boolean {
    return this.outcomes().every(({ letter, organ, reports }) => reports.length > 0 || this.otherBytes(letter, organ))
  }

  get letters(): readonly Letter[] {
    return this.#letters
  }

  outcomes(): readonly Outcome[] {
    return this.#letters.flatMap((letter) =>
      letter.to.map((organ) => ({ letter, organ, reports: this.reports(letter, organ) })),
    )
  }

  totals(): Totals {
    const outcomes = this.outcomes()
    const delivered = outcomes.filter(({ reports }) => reports.length > 0).length
    const matched = new Set(outcomes.flatMap(({ reports }) => reports))
    return {
      due: outcomes.length,
      delivered,
      lost: outcomes.length - delivered,
      duplicated: outcomes.reduce((sum, { reports }) => sum + Math.max(0, reports.length - 1), 0),
      strange: this.#reports.filter((report) => !matched.has(report)).length,
    }
  }
}
