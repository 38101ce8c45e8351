/** What the bench and a process that stands for document software say to each other. */
import type { OrganId } from '@lienthong/core'
import type { Software } from '../kit/federation-http.ts'
import type { Failed } from './forked.ts'
import type { SizeName } from './packets.ts'

export type Desk = Pick<Software, 'url' | 'apiKey' | 'organ'>

export type SoftwareOrder =
  | {
      readonly type: 'send'
      readonly desk: Desk
      readonly to: OrganId
      readonly size: SizeName
      readonly documents: number
      /** So many at once, or so many a second without waiting for those before. */
      readonly pace: { readonly atOnce: number } | { readonly perSecond: number }
    }
  | {
      readonly type: 'collect'
      readonly desk: Desk
      readonly documents: number
    }

export type SoftwareReport =
  /** `collect`: it listens. */
  | { readonly type: 'ready' }
  /** [uid, monotonic ms before it was handed in]. */
  | { readonly type: 'sent'; readonly begun: readonly (readonly [string, number])[] }
  /** [uid, monotonic ms of its first listing, and of the answer that it is acknowledged]. */
  | { readonly type: 'collected'; readonly arrivals: readonly (readonly [string, number, number])[] }
  | Failed
