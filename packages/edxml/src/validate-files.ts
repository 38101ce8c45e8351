/** Whether manifest and attachments agree. */
import { type Finding, finding } from './finding.ts'
import type { PacketHeader } from './packet.ts'
import type { AttachmentClaims } from './packet-sink.ts'

/** What the packet says of an attachment; `contentId` with or without `cid:`. */
export type AttachedFile = Pick<AttachmentClaims, 'contentId' | 'name'>

/** Longest piece of a name put into a finding. */
const shownLength = 64

/** `attached` undefined: nobody has looked, so only the manifest is judged. */
export function validateFiles(
  { references }: Pick<PacketHeader, 'references'>,
  attached: readonly AttachedFile[] | undefined,
): readonly Finding[] {
  const listed = references.map(({ contentId, attachmentName }) => ({ contentId, name: attachmentName }))
  if (attached === undefined) return [...(listed.length === 0 ? [finding('MANIFEST_EMPTY')] : []), ...repeated(listed)]
  if (attached.length === 0 && listed.length === 0) return [finding('FILE_MISSING')]
  if (listed.length === 0) return [finding('MANIFEST_EMPTY'), ...repeated(attached)]
  return [
    ...(attached.length === 0 ? [finding('FILE_MISSING')] : []),
    ...without(listed, attached).map((file) => finding('FILE_NOT_THERE', { file: shown(file) })),
    ...without(attached, listed).map((file) => finding('FILE_NOT_LISTED', { file: shown(file) })),
    ...repeated(listed.length >= attached.length ? listed : attached),
  ]
}

/** Files of one list that the other lacks; those without ContentId are known by their names. */
function without(files: readonly AttachedFile[], others: readonly AttachedFile[]): readonly AttachedFile[] {
  const ids = new Set(others.map(idOf))
  const names = new Set(others.map(({ name }) => name))
  const nameless = new Set(others.filter((other) => idOf(other) === null).map(({ name }) => name))
  return files.filter((file) => {
    const id = idOf(file)
    if (id === null) return file.name === null || !names.has(file.name)
    return !ids.has(id) && !(file.name !== null && nameless.has(file.name))
  })
}

function repeated(files: readonly AttachedFile[]): readonly Finding[] {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const id of files.map(idOf)) {
    if (id !== null && seen.has(id)) twice.add(id)
    if (id !== null) seen.add(id)
  }
  return [...twice].map((id) => finding('CONTENT_ID_REPEATED', { file: id.slice(0, shownLength) }))
}

/** `cid:209` and `209` are one. */
function idOf({ contentId }: AttachedFile): string | null {
  const id = contentId?.replace(/^\s*cid:/i, '').trim() ?? ''
  return id === '' ? null : id
}

function shown(file: AttachedFile): string {
  return (idOf(file) ?? file.name ?? '?').slice(0, shownLength)
}
