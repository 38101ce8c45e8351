/** Calls about joining and leaving. */
import type { DeclaredChild, NodeId } from '@lienthong/core'
import type { InvitationView, InvitedChild, InviteOptions, JoinOutcome, Leaving, Revoking } from '@lienthong/relay'
import type { Calls } from './declared-calls.ts'

/** Who does it and why. */
interface Act {
  readonly by: string
  readonly reason: string
}

/** Who belongs to whom. Every call throws DIRECTORY_FIXED where the directory is a file. */
export interface ControlledJoining {
  invite(children: readonly DeclaredChild[], options: InviteOptions, act: Act): Promise<readonly InvitedChild[]>
  invitations(): Promise<readonly InvitationView[]>
  grant(request: string, child: DeclaredChild, act: Act): Promise<{ readonly child: NodeId; readonly answer: string }>
  join(token: string, act: Act & { readonly insteadOf?: NodeId }): Promise<JoinOutcome>
  request(): Promise<string>
  accept(answer: string, act: Act): Promise<JoinOutcome>
  bridge(token: string, act: Act): Promise<JoinOutcome>
  /** Throws NODE_NOT_DRAINED, unless `force`. */
  leave(act: Act & { readonly force?: boolean }): Promise<Leaving & { readonly node: NodeId }>
  dismiss(child: NodeId, act: Act): Promise<{ readonly child: NodeId; readonly outcome: 'dismissed' | 'already' }>
  revoke(child: NodeId, act: Act): Promise<Revoking & { readonly child: NodeId }>
}

export function joiningCalls({ get, post }: Calls): ControlledJoining {
  return {
    invite: async (children, options, act) => {
      const { items } = await post<{ readonly items: readonly InvitedChild[] }>(
        '/invitations',
        { ...options, ...act },
        { children },
      )
      return items
    },
    invitations: async () => (await get<{ readonly items: readonly InvitationView[] }>('/invitations', {})).items,
    grant: (request, child, act) => post('/invitations/grant', { ...act }, { request, child }),
    join: (token, act) => post('/join', { ...act }, { token }),
    request: async () => (await get<{ readonly request: string }>('/join/request', {})).request,
    accept: (answer, act) => post('/join/accept', { ...act }, { answer }),
    bridge: (token, act) => post('/bridge', { ...act }, { token }),
    leave: (act) => post('/leave', { ...act }),
    dismiss: (child, act) => post(`/children/${encodeURIComponent(child)}/dismiss`, { ...act }),
    revoke: (child, act) => post(`/children/${encodeURIComponent(child)}/revoke`, { ...act }),
  }
}
