/** Versions as people write them. */
import type { AnnouncementVersion } from './announcement.ts'

/** `1.7`: epoch and version. */
export function versionText({ epoch, version }: AnnouncementVersion): string {
  return `${epoch}.${version}`
}

/** null when it is none. */
export function parseVersion(written: string): AnnouncementVersion | null {
  const [, epoch, version] = /^(\d{1,15})\.(\d{1,15})$/.exec(written) ?? []
  return epoch === undefined || version === undefined ? null : { epoch: Number(epoch), version: Number(version) }
}
