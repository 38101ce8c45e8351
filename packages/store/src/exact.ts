/** Bytes that own their whole buffer: crossing a thread copies the buffer behind a view, not the view. */
export function exactBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes)
}
