/** Namespaces real packets carry. Root and prefixed children of a 102 packet share the first. */
export const namespace102 = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
export const namespace2015 = 'http://www.e-doc.vn/Schema/'

/**
 * Whether an element belongs to the packet: one of the two namespaces, none at all, or whatever the
 * root is in. The last two are the fall back on local names; anything else is foreign and left alone,
 * so that an element of another vocabulary cannot pass for a recipient.
 */
export function isPacketNamespace(uri: string, rootUri: string): boolean {
  return uri === namespace102 || uri === namespace2015 || uri === '' || uri === rootUri
}
