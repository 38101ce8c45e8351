/** How PROTOCOL.md shows the vectors: the part of the page between two comments is written by `make-vectors`. */
import type { Vectors } from './vectors.ts'

const begin = '<!-- vectors: written by test/make-vectors.ts -->'
const end = '<!-- end of vectors -->'
const hexPerLine = 96

/** The page with its vectors replaced. Throws when the comments are missing. */
export function withVectors(page: string, vectors: Vectors): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error('the page has no place for vectors')
  return `${page.slice(0, from)}${begin}\n\n${render(vectors)}\n${page.slice(to)}`
}

function render({
  key,
  payload,
  uid,
  core,
  seal,
  frame,
  signals,
  enquiries,
  recall,
  hello,
  nodes,
  announcement,
  directory,
  refused,
}: Vectors): string {
  return [
    block(`Key \`${key.kid}\`: Ed25519 seed (RFC 8032 §7.1, test 1) and public key`, key.seed, key.publicKey),
    block(`Payload: ${payload.text}`, payload.hex),
    block('Canonical input of the uid, and the uid', uid.input, uid.uid),
    block('Core', core.hex),
    block('What the seal signs (`Sig_structure`), and the seal', seal.signed, seal.hex),
    block(
      `Frame: ${frame.segments.map(({ segment, to }) => `segment ${segment} to ${to.join(' ')}`).join('; ')}`,
      frame.hex,
    ),
    block(`Signals: ${signals.value.map(({ type }) => type).join(', ')}`, signals.hex),
    block(`Signals between any two nodes: ${enquiries.value.map(({ type }) => type).join(', ')}`, enquiries.hex),
    block('Core of a recall of that document and another', recall.core.hex),
    block(`Signals about the recall: ${recall.signals.value.map(({ type }) => type).join(', ')}`, recall.signals.hex),
    block('Hello', hello.hex),
    block('Hello that says how many kinds are read', nodes.hello.hex),
    block(
      'Handover: the core of a row with its payload, and a list of what goes without',
      nodes.handover.core.hex,
      nodes.handover.list.hex,
    ),
    block('Core of a support bundle', nodes.bundle.hex),
    block('Survey and its answer', nodes.survey.asked.hex, nodes.survey.answered.hex),
    block('Announcement of a node with one child, and its seal', announcement.hex, announcement.seal),
    block(`About the directory: ${directory.value.join(', ')}`, ...directory.hex),
    `Refused: ${refused.length} more in the file, each with its code: ${refused.map(({ structure, name }) => `${structure} – ${name}`).join('; ')}.\n`,
  ].join('\n')
}

function block(title: string, ...values: readonly string[]): string {
  const lines = values.map((hex) => (hex.match(new RegExp(`.{1,${hexPerLine}}`, 'g')) ?? []).join('\n'))
  return `${title}:\n\n\`\`\`\n${lines.join('\n\n')}\n\`\`\`\n`
}
