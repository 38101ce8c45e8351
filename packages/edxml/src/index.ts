export type { AttachmentFacts, AttachmentPart } from './attachment.ts'
export type { FileFacts } from './attachment-file.ts'
export type { DocumentTarget, ReplacedDocument, TargetHints, TargetVia } from './document-targets.ts'
export { codeText, isSwapped, replacedDocuments, targetsOf } from './document-targets.ts'
export { formatDate, formatTimestamp } from './field-form.ts'
export { safeFileName } from './file-name.ts'
export { typeOfName } from './file-type.ts'
export type { Finding, FindingCode, Severity } from './finding.ts'
export { packetFindings } from './finding.ts'
export type { ElementKind, HeaderElement, Occurrence } from './header-elements.ts'
export { elementsBelow, envelopeElement } from './header-elements.ts'
export type { HeaderReader } from './header-reader.ts'
export { openHeaderReader, readHeader } from './header-reader.ts'
export type { AttachmentLimits, ReaderLimits } from './limits.ts'
export { defaultAttachmentLimits, defaultLimits } from './limits.ts'
export type { Refusal } from './not-edxml.ts'
export { refusals } from './not-edxml.ts'
export type {
  Business,
  ChangedReceiver,
  DocumentChange,
  DocumentType,
  ManifestReference,
  Organization,
  OrganizationRef,
  PacketHeader,
  Replacement,
  ResponseFor,
  Signer,
  StaffInfo,
  TraceHeader,
} from './packet.ts'
export type { HeaderPart, PacketPart } from './packet-reader.ts'
export { readPacket } from './packet-reader.ts'
export type { AttachmentClaims } from './packet-sink.ts'
export type { Attachment, DocumentPacket, Loose, OrganizationToWrite, StatusPacket } from './packet-to-write.ts'
export type { RecallRequest, SentDocumentNames } from './recall-packet.ts'
export { recallPacket, replacementOf } from './recall-packet.ts'
export type { SampleRequest } from './sample.ts'
export { samplePacket } from './sample.ts'
export type { SecrecyMark } from './secrecy-marks.ts'
export { secrecyMark, secrecyMarks } from './secrecy-marks.ts'
export type { Canonicalization, Profile, SignatureMethod } from './signature/names.ts'
export type { SignaturePolicy } from './signature/rules.ts'
export { defaultPolicy as defaultSignaturePolicy } from './signature/rules.ts'
export type { PacketSigner } from './signature/sign-packet.ts'
export { signPacket } from './signature/sign-packet.ts'
export type { SignatureVerifier, SignatureVerifierOptions } from './signature/signature-verifier.ts'
export { openSignatureVerifier } from './signature/signature-verifier.ts'
export type { CarriedCertificate, KeyLookup, SigningKey, TrustedKey } from './signature/trusted-key.ts'
export type { VerifiedContent } from './signature/verified-content.ts'
export type { VerifyOptions } from './signature/verify-signature.ts'
export { verifySignature } from './signature/verify-signature.ts'
export { statusTargets } from './status-targets.ts'
export type { AttachedFile } from './validate-files.ts'
export type { ValidationFacts } from './validate-packet.ts'
export { validatePacket } from './validate-packet.ts'
export type {
  AttachmentWarningCode,
  HeaderWarningCode,
  PacketWarning,
  ReceiverWarningCode,
  WarningCode,
} from './warning.ts'
export { attachmentWarnings, earlierWarnings, headerWarnings, receiverWarnings, warningSentence } from './warning.ts'
export { writeDocument } from './write-document.ts'
export { writeStatus } from './write-status.ts'
