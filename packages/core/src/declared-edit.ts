/** Changes of what a node declares, carried out. Each of them again changes nothing. */
import type { AnnouncedOrganisation } from './announcement.ts'
import type { Declared } from './declared.ts'
import type { OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { lookupKey } from './organisation-code.ts'
import type { DeclaredEdit, Ending } from './reorg.ts'

/** Throws NOT_FOUND for an organisation to be changed that the content has not. */
export function editDeclared(content: Declared, edits: readonly DeclaredEdit[]): Declared {
  return edits.reduce(edited, content)
}

function edited(content: Declared, edit: DeclaredEdit): Declared {
  const { children, organisations } = content
  switch (edit.edit) {
    case 'delegate': {
      const { child } = edit
      const there = children.find(({ id }) => isSame(id, child.id))
      if (there === undefined) return { ...content, children: [...children, child] }
      const more = child.delegates.filter((code) => !there.delegates.some((had) => isSame(had, code)))
      const wider = { ...there, delegates: [...there.delegates, ...more] }
      return more.length === 0
        ? content
        : { ...content, children: children.map((each) => (each === there ? wider : each)) }
    }
    case 'dismiss':
      return { ...content, children: children.filter(({ id }) => !isSame(id, edit.child)) }
    case 'open': {
      const { organisation } = edit
      const there = organisations.some(({ id }) => isSame(id, organisation.id))
      return there
        ? changed(content, organisation.id, () => organisation)
        : { ...content, organisations: [...organisations, organisation] }
    }
    case 'withdraw':
      return { ...content, organisations: organisations.filter(({ id }) => !isSame(id, edit.organ)) }
    case 'close': {
      return changed(content, edit.organ, (was) => ended(was, edit))
    }
    case 'set': {
      const { edit: _, organ, ...facts } = edit
      return changed(content, organ, (was) => ({ ...was, ...facts }))
    }
  }
}

/** The same organisation with its end, in the place of any it had. */
export function ended<Kind extends AnnouncedOrganisation>(was: Kind, ending: Ending): Kind {
  const { successors: _, newDocuments: _way, splitRules: _rules, ...open } = was
  const { validTo, successors, newDocuments, splitRules } = ending
  return {
    ...open,
    validTo,
    ...(successors.length === 0 ? {} : { successors }),
    ...(newDocuments === undefined ? {} : { newDocuments }),
    ...(splitRules === undefined ? {} : { splitRules }),
  } as Kind
}

function changed(
  content: Declared,
  organ: OrganId,
  change: (was: AnnouncedOrganisation) => AnnouncedOrganisation,
): Declared {
  if (!content.organisations.some(({ id }) => isSame(id, organ))) {
    throw new RelayError('NOT_FOUND', { detail: { what: organ } })
  }
  return {
    ...content,
    organisations: content.organisations.map((each) => (isSame(each.id, organ) ? change(each) : each)),
  }
}

function isSame(one: string, other: string): boolean {
  return lookupKey(one) === lookupKey(other)
}
