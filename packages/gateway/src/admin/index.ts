/** The door for administration, for a program that opens it elsewhere than in a gateway, and for its clients. */
export type { Caller, Route } from './call.ts'
export type { AdminDoor, AdminNode, Exchange } from './door.ts'
export { createAdminDoor } from './door.ts'
