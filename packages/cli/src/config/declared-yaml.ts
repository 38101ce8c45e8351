/** Writes a declared file: everything in order of its id, so that two exports of one content are the same text. */
import type { AnnouncementVersion, Declared } from '@lienthong/core'
import { Document, isScalar, visit } from 'yaml'
import { writtenInstant } from './instant.ts'

/** Lists of codes and maps of two numbers stand on one line. */
const flowKeys: readonly string[] = ['base', 'delegates', 'successors']
/** Read as a number or a day by older readers of YAML, or by people who drop zeros. */
const readOtherwise = /^0|^[\d.,:_+-]+$|^\d+e\d+$/i

/** `remark` becomes comments at the top. */
export function declaredYaml(
  content: Declared,
  { base, remark }: { readonly base: AnnouncementVersion | null; readonly remark: string },
): string {
  const document = new Document({
    ...(base === null ? {} : { base: { epoch: base.epoch, version: base.version } }),
    children: byKey(content.children, ({ id }) => id).map(({ id, tier, delegates }) => ({ id, tier, delegates })),
    organisations: byKey(content.organisations, ({ id }) => id).map(organisationFields),
    groups: Object.fromEntries(byKey(Object.entries(content.groups), ([name]) => name)),
    exceptions: byKey(content.exceptions, ({ organ }) => organ).map((each) => {
      const effect = 'hold' in each ? { hold: each.hold } : { redirect: each.redirect }
      return { organ: each.organ, ...effect, reason: each.reason, ...given({ until: each.until }) }
    }),
  })
  visit(document, {
    Pair: (_, pair) => {
      const { key, value } = pair
      if (isScalar(key) && flowKeys.includes(String(key.value)) && typeof value === 'object' && value !== null) {
        Object.assign(value, { flow: true })
      }
    },
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && readOtherwise.test(scalar.value)) scalar.type = 'QUOTE_SINGLE'
    },
  })
  document.commentBefore = remark
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n')
  return document.toString({ lineWidth: 0 })
}

function organisationFields({ certificates, ...fields }: Declared['organisations'][number]) {
  const { id, name, parent, ...rest } = fields
  const { oldCode, code102, mail, validFrom, validTo, successors, formerNodes, newDocuments, splitRules } = rest
  const written = certificates?.map(({ fingerprint, ...validity }) => {
    const instants = Object.entries(validity).map(([name, at]) => [name, instantOf(Number(at))])
    return { fingerprint, ...Object.fromEntries(instants) }
  })
  return {
    id,
    name,
    parent,
    ...given({ oldCode, code102, mail, validFrom, validTo, successors, formerNodes, newDocuments, splitRules }),
    ...given({ certificates: written }),
  }
}

/** To the second as people write it, else as it is: nothing may change by being written down. */
function instantOf(ms: number): string | number {
  return ms % 1000 === 0 ? writtenInstant(ms) : ms
}

function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}

function byKey<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): readonly Thing[] {
  return [...things].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
