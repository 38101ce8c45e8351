/** Words of what document software may do and be told of; closed sets, as they stand in files, tables and requests. */

/** Kinds of documents that carry an edXML packet: what document software hands in and gets. */
export const packetKinds = ['document', 'status'] as const
export type PacketKind = (typeof packetKinds)[number]

/** `send`: submit, upload, follow what was sent, recall. `receive`: mailboxes and notices. `hooks`: webhooks. */
export const systemScopes = ['send', 'receive', 'hooks'] as const
export type SystemScope = (typeof systemScopes)[number]

/** How an item of a mailbox stands between node and document software; not a business status. `done` = acknowledged. */
export const transportStates = ['initial', 'processing', 'done', 'fail'] as const
export type TransportState = (typeof transportStates)[number]

/**
 * What can become of a sent document at one recipient, as one entry of its history. `stopped`, `withdrawn`: its sender
 * took it back before it was delivered, before it was collected. `status`: a business status came.
 */
export const changeTypes = ['delivered', 'collected', 'undeliverable', 'stopped', 'withdrawn', 'status'] as const
export type ChangeType = (typeof changeTypes)[number]

/** What a mailbox is told to have got, by the kind of the packet. */
export const arrivalTypes = { document: 'arrived', status: 'statusArrived' } as const satisfies Record<
  PacketKind,
  string
>
export type ArrivalType = (typeof arrivalTypes)[PacketKind]

/** What a webhook can ask for: an arrival in the mailbox, or a change of what was sent. */
export const hookEventTypes = [...packetKinds.map((kind) => arrivalTypes[kind]), ...changeTypes] as const
export type HookEventType = (typeof hookEventTypes)[number]

/**
 * What an operator may do, each role all that those before it may. `viewer`: read what is no content of documents.
 * `operator`: also act on documents and links. `administrator`: also change tables, document software and operators.
 */
export const operatorRoles = ['viewer', 'operator', 'administrator'] as const
export type OperatorRole = (typeof operatorRoles)[number]

/** Whether this role is enough where `needed` is asked for. */
export function mayAct(role: OperatorRole, needed: OperatorRole): boolean {
  return operatorRoles.indexOf(role) >= operatorRoles.indexOf(needed)
}
