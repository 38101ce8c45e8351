export { formatDate, formatTimestamp, maxLengths } from './field-form.ts'
export type { HeaderReader } from './header-reader.ts'
export { openHeaderReader, readHeader } from './header-reader.ts'
export type { ReaderLimits } from './limits.ts'
export { defaultLimits } from './limits.ts'
export type { Refusal } from './not-edxml.ts'
export { refusals } from './not-edxml.ts'
export type {
  Attachment,
  DocumentPacket,
  Organization,
  OrganizationRef,
  PacketHeader,
  ResponseFor,
  StaffInfo,
  StatusPacket,
} from './packet.ts'
export type { SampleRequest } from './sample.ts'
export { samplePacket } from './sample.ts'
export { answeredDocuments, statusTargets } from './status-targets.ts'
export type { AttachmentWarningCode, PacketWarning, WarningCode } from './warning.ts'
export { attachmentWarnings, warningSentence } from './warning.ts'
export { writeDocument } from './write-document.ts'
export { writeStatus } from './write-status.ts'
