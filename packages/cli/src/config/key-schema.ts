/** The shape of keys and certificates in a directory file. */
import { nodeOfKid, phrase } from '@lienthong/core'
import { z } from 'zod'
import { parseInstant } from './instant.ts'
import { refusal } from './refusal.ts'

const instant = z.union([z.string(), z.number()]).transform((value, context): number => {
  const parsed = parseInstant(value)
  if (parsed !== null) return parsed
  context.addIssue(refusal((language) => phrase(language, 'config.instant')))
  return z.NEVER
})

const kid = z.string().superRefine((value, context) => {
  if (nodeOfKid(value) === null) context.addIssue(refusal((language) => phrase(language, 'config.kid')))
})

const publicKey = z.string().superRefine((value, context) => {
  if (!/^[A-Za-z0-9_-]{43}$/.test(value)) context.addIssue(refusal((language) => phrase(language, 'config.publicKey')))
})

const signature = z.string().superRefine((value, context) => {
  if (!/^[A-Za-z0-9_-]{86}$/.test(value)) context.addIssue(refusal((language) => phrase(language, 'config.signature')))
})

const fingerprint = z.string().superRefine((value, context) => {
  if (!/^[0-9a-f]{64}$/.test(value)) context.addIssue(refusal((language) => phrase(language, 'config.fingerprint')))
})

const validity = { validFrom: instant.optional(), validTo: instant.optional(), revokedAt: instant.optional() }

export const nodeKeySchema = z.strictObject({
  kid,
  publicKey,
  ...validity,
  revokedFor: z.string().optional(),
  replaces: kid.optional(),
  vouchers: z.array(z.strictObject({ by: kid, signature, until: instant.optional() })).optional(),
})

export const rootKeySchema = z.strictObject({ kid, publicKey })

export const certificateSchema = z.strictObject({ fingerprint, ...validity })
