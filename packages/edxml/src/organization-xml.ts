import { within } from './field-form.ts'
import type { ResponseFor } from './packet.ts'
import type { OrganizationToWrite, StaffToWrite } from './packet-to-write.ts'
import { leaf, requiredLeaf, wrap } from './xml-write.ts'

/** `From` or `To`. Packets of status put the name before the superior body, documents after it. */
export function organizationXml(element: 'From' | 'To', body: OrganizationToWrite, nameFirst: boolean): string {
  const inCharge = leaf('OrganizationInCharge', body.organizationInCharge)
  const name = leaf('OrganName', within('MessageHeader/From/OrganName', body.organName ?? ''))
  return wrap(
    element,
    requiredLeaf('OrganId', within('MessageHeader/From/OrganId', body.organId)),
    ...(nameFirst ? [name, inCharge] : [inCharge, name]),
    leaf('OrganAdd', body.organAdd),
    leaf('Email', body.email),
    leaf('Telephone', body.telephone),
    leaf('Fax', body.fax),
    leaf('Website', body.website),
  )
}

/** In a document the id stands before the date, in a status packet behind it. */
export function responseForXml(answered: ResponseFor, idLast: boolean): string {
  const id = leaf('DocumentId', answered.documentId)
  const date = leaf('PromulgationDate', answered.promulgationDate)
  return wrap(
    'ResponseFor',
    leaf('OrganId', answered.organId),
    leaf('Code', answered.code),
    ...(idLast ? [date, id] : [id, date]),
  )
}

/** Nothing when nobody is named. */
export function staffXml(staff: StaffToWrite | undefined, mobileFirst: boolean): string {
  if (staff === undefined) return ''
  const email = leaf('Email', staff.email)
  const mobile = leaf('Mobile', staff.mobile)
  return wrap(
    'StaffInfo',
    leaf('Department', staff.department),
    leaf('Staff', staff.staff),
    ...(mobileFirst ? [mobile, email] : [email, mobile]),
  )
}
