import { readFile, stat } from 'node:fs/promises'
import { type Language, phrase, RelayError } from '@lienthong/core'

/** UTF-8 text of a file. Throws FILE_UNREADABLE: missing, not allowed, a folder, too large, not UTF-8. */
export async function readSmallFile(
  file: string,
  options: { readonly shown: string; readonly maxBytes: number },
): Promise<string> {
  const refuse = (reason: string, cause?: unknown) =>
    new RelayError('FILE_UNREADABLE', { detail: { file: options.shown, reason }, cause })
  try {
    const { size } = await stat(file)
    if (size > options.maxBytes) throw refuse('EFBIG')
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    throw error instanceof RelayError ? error : refuse(systemReason(error), error)
  }
}

/** The sentence for what `readSmallFile` threw; anything else is thrown on. */
export function unreadable(error: unknown, file: string): (language: Language) => string {
  if (!(error instanceof RelayError)) throw error
  const reason = String(error.detail['reason'])
  return (language) => phrase(language, 'config.unreadable', { file, reason })
}

/** `ENOENT`, `EACCES` … of a system error; `EILSEQ` for bytes that are not UTF-8. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'EILSEQ' : code
}
