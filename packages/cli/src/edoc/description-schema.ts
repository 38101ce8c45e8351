/** What a description may say: the names of the typed header, and files for attachments. */
import { dayStart, phrase } from '@lienthong/core'
import * as z from 'zod'
import { refusal } from '../config/refusal.ts'

const text = z.string().min(1)
const amount = z.int().min(0)
/** As people write it or as a packet has it: `2026-11-26`, `2026/11/26`. */
const day = z.string().transform((written, context) => {
  const value = written.replaceAll('/', '-')
  if (dayStart(value) !== null) return value.replaceAll('-', '/')
  context.addIssue(refusal((language) => phrase(language, 'config.day')))
  return z.NEVER
})

const organization = z.strictObject({
  organId: text,
  organName: text,
  organizationInCharge: text.exactOptional(),
  organAdd: text.exactOptional(),
  email: text.exactOptional(),
  telephone: text.exactOptional(),
  fax: text.exactOptional(),
  website: text.exactOptional(),
})

const responseFor = z.strictObject({
  organId: text.exactOptional(),
  code: text.exactOptional(),
  documentId: text.exactOptional(),
  promulgationDate: day.exactOptional(),
})

const staff = z.strictObject({
  department: text.exactOptional(),
  staff: text.exactOptional(),
  email: text.exactOptional(),
  mobile: text.exactOptional(),
})

export const documentSchema = z.strictObject({
  kind: z.literal('document').exactOptional(),
  from: organization,
  to: z.array(organization).min(1),
  documentId: text,
  code: z.strictObject({ number: text, notation: text }),
  place: text.exactOptional(),
  promulgationDate: day,
  documentType: z.strictObject({ type: amount, typeDetail: amount.exactOptional(), typeName: text }),
  subject: text,
  content: text.exactOptional(),
  signer: z.strictObject({ competence: text.exactOptional(), position: text.exactOptional(), fullName: text }),
  dueDate: day.exactOptional(),
  priority: amount.exactOptional(),
  sphereOfPromulgation: text.exactOptional(),
  typerNotation: text.exactOptional(),
  promulgationAmount: amount.exactOptional(),
  pageAmount: amount.exactOptional(),
  direction: z.boolean().exactOptional(),
  appendixes: z.array(text).exactOptional(),
  responseFor: z.array(responseFor).exactOptional(),
  steeringType: amount.exactOptional(),
  toPlaces: z.array(text).exactOptional(),
  taskCodes: z.array(text).exactOptional(),
  applicationType: text.exactOptional(),
  businessType: amount.exactOptional(),
  business: z
    .strictObject({
      documentId: text.exactOptional(),
      reason: text.exactOptional(),
      paper: z.boolean().exactOptional(),
      changes: z
        .array(
          z.strictObject({
            documentInfo: z.boolean(),
            documentReceiver: z.boolean(),
            receivers: z.array(z.strictObject({ organId: text, receiverType: amount })).exactOptional(),
          }),
        )
        .exactOptional(),
      replacements: z.array(z.strictObject({ documentId: text, organIds: z.array(text).min(1) })).exactOptional(),
      staff: z.array(staff).exactOptional(),
    })
    .exactOptional(),
  attachments: z
    .array(
      z.strictObject({
        file: text,
        name: text.exactOptional(),
        contentType: text.exactOptional(),
        description: text.exactOptional(),
      }),
    )
    .min(1),
})

export const statusSchema = z.strictObject({
  kind: z.literal('status'),
  from: organization,
  responseFor: z.array(responseFor).min(1),
  statusCode: amount,
  description: text.exactOptional(),
  staff: z.array(staff).exactOptional(),
})
