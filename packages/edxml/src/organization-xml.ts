import { notEdxml } from './not-edxml.ts'
import type { ResponseFor, StaffInfo } from './packet.ts'
import type { Loose, OrganizationToWrite } from './packet-to-write.ts'
import { leaf, requiredLeaf, wrap } from './xml-write.ts'

/** `From` or `To`. Packets of status put the name before the superior body, documents after it. */
export function organizationXml(element: 'From' | 'To', body: OrganizationToWrite, nameFirst: boolean): string {
  const path = `MessageHeader/${element}`
  const inCharge = leaf(`${path}/OrganizationInCharge`, body.organizationInCharge)
  const name = leaf(`${path}/OrganName`, body.organName)
  return wrap(
    element,
    requiredLeaf(`${path}/OrganId`, body.organId),
    ...(nameFirst ? [name, inCharge] : [inCharge, name]),
    leaf(`${path}/OrganAdd`, body.organAdd),
    leaf(`${path}/Email`, body.email),
    leaf(`${path}/Telephone`, body.telephone),
    leaf(`${path}/Fax`, body.fax),
    leaf(`${path}/Website`, body.website),
  )
}

/**
 * In a document the id stands before the date, in a status packet behind it, and there the organisation is
 * where it goes. Throws NOT_EDXML `required` when neither the id nor code and date say which document is meant.
 */
export function responseForXml(answered: Loose<ResponseFor>, inStatus: boolean): string {
  const path = 'MessageHeader/ResponseFor'
  const organ = (inStatus ? requiredLeaf : leaf)(`${path}/OrganId`, answered.organId)
  const code = leaf(`${path}/Code`, answered.code)
  const id = leaf(`${path}/DocumentId`, answered.documentId)
  const date = leaf(`${path}/PromulgationDate`, answered.promulgationDate)
  if (id === '' && (code === '' || date === '')) throw notEdxml('required', { field: 'ResponseFor' })
  return wrap('ResponseFor', organ, code, ...(inStatus ? [date, id] : [id, date]))
}

/** The StaffInfo of a status packet puts the telephone first, that of a document the address. */
export function staffXml(path: string, staff: Loose<StaffInfo>, mobileFirst: boolean): string {
  const email = leaf(`${path}/Email`, staff.email)
  const mobile = leaf(`${path}/Mobile`, staff.mobile)
  return wrap(
    'StaffInfo',
    leaf(`${path}/Department`, staff.department),
    leaf(`${path}/Staff`, staff.staff),
    ...(mobileFirst ? [mobile, email] : [email, mobile]),
  )
}
