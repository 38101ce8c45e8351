/** From what was seen to what is broken, the cause before its consequences. */
import type { ErrorDetail, PhraseKey } from '@lienthong/core'
import type { LinkView, NodeHealth } from '@lienthong/relay'
import type { Evidence } from './evidence.ts'

type DoctorKey = Extract<PhraseKey, `doctor.${string}`>

export interface Finding {
  /** `broken` keeps documents from where they should be, `notice` will, or is somebody else's to mend. */
  readonly level: 'broken' | 'notice'
  /** Phrase of the cause. */
  readonly cause: DoctorKey
  readonly values: ErrorDetail
  /** A command to type, or a phrase for what no command mends. */
  readonly mend: { readonly command: string } | { readonly phrase: DoctorKey }
}

const dayMs = 86_400_000
const minuteMs = 60_000
/** Days before its end a key or certificate is worth a look. */
const soonDays = 60
/** Per cent of a disk. */
const nearlyFull = 5
const low = 15
/** A document that waits longer, ms, with every link open. */
const oldMs = 60 * minuteMs

/** In the order in which they are to be mended; empty when all is well. */
export function findingsOf(evidence: Evidence): readonly Finding[] {
  const { node } = evidence
  const own = [...fileFindings(evidence), ...brokerFindings(evidence)]
  if ('code' in node) {
    // With a file nobody understands nobody knows where the node is.
    const down = evidence.problems.length > 0 ? [] : nodeFinding(evidence, node)
    return [...own, ...down, ...parentFindings(evidence, null)]
  }
  const all = [
    ...own,
    ...healthFindings(node, evidence),
    ...parentFindings(evidence, node),
    ...linkFindings(node),
    ...notices(node),
  ]
  return [...all.filter(({ level }) => level === 'broken'), ...all.filter(({ level }) => level === 'notice')]
}

/** What one types; arguments come behind. */
const mends = {
  checkConfig: { command: 'lienthong node check-config' },
  runNode: { command: 'lienthong node run --config' },
  restartService: { command: 'systemctl restart' },
  listServices: { command: 'systemctl list-units' },
  askContexts: { command: 'lienthong context list --check' },
  makeFolder: { command: 'install -d -m 0700' },
  showFolder: { command: 'sudo ls -ld' },
  showSpace: { command: 'df -h' },
  restartBroker: { command: 'systemctl restart rabbitmq-server' },
  showBroker: { command: 'systemctl status rabbitmq-server' },
  showAlarms: { command: 'rabbitmq-diagnostics alarms' },
  enableManagement: { command: 'rabbitmq-plugins enable rabbitmq_management' },
  changePassword: { command: 'rabbitmqctl change_password' },
  rotateKey: { command: 'lienthong key rotate --help' },
  tryLine: { command: 'nc -vz' },
  showCertificate: { command: 'openssl s_client -connect' },
  resumeLink: { command: 'lienthong link resume' },
  showLink: { command: 'lienthong link show' },
  checkQueue: { command: 'lienthong check queue' },
  checkCert: { command: 'lienthong check cert' },
} as const
type Mend = (typeof mends)[keyof typeof mends]

function typed({ command }: Mend, words: readonly string[]): Finding['mend'] {
  return { command: [command, ...words.map(quoted)].join(' ') }
}

function broken(cause: DoctorKey, values: ErrorDetail, mend: Mend, ...words: readonly string[]): Finding {
  return { level: 'broken', cause, values, mend: typed(mend, words) }
}

function fileFindings({ file, problems, data }: Evidence): readonly Finding[] {
  const found: Finding[] = []
  const [reason] = problems
  if (file !== null && reason !== undefined) {
    found.push(broken('doctor.config', { file, reason }, mends.checkConfig, file))
  }
  if (data === null) return found
  const { path, state, freePercent } = data
  if (state === 'missing') found.push(broken('doctor.dataMissing', { path }, mends.makeFolder, path))
  if (state === 'denied') found.push(broken('doctor.dataDenied', { path }, mends.showFolder, path))
  if (freePercent !== null && freePercent <= nearlyFull) {
    found.push(broken('doctor.diskFull', { path, percent: Math.floor(freePercent) }, mends.showSpace, path))
  }
  return found
}

function brokerFindings({ broker }: Evidence): readonly Finding[] {
  if (broker === null) return []
  const { place, reach, user, management } = broker
  if (reach.step !== 'fine') {
    return [broken('doctor.brokerAway', { place, reason: reach.reason }, mends.restartBroker)]
  }
  if (management.state === 'away') {
    const values = { place: management.place, reason: management.reason }
    return [broken('doctor.managementAway', values, mends.enableManagement)]
  }
  if (management.state === 'denied') {
    return [broken('doctor.managementDenied', { user }, mends.changePassword, user)]
  }
  if (management.state === 'alarm') {
    return [broken('doctor.brokerBlocked', { reason: management.reason }, mends.showAlarms)]
  }
  return []
}

function nodeFinding(
  { file, service }: Evidence,
  { code, reason }: Extract<Evidence['node'], { code: string }>,
): readonly Finding[] {
  if (code === 'NODE_NOT_RUNNING' || code === 'NODE_UNREACHABLE') {
    if (file === null) return [broken('doctor.nodeDown', { reason }, mends.listServices, 'lienthong@*')]
    return service === null
      ? [broken('doctor.nodeDown', { reason }, mends.runNode, file)]
      : [broken('doctor.nodeDown', { reason }, mends.restartService, service)]
  }
  return [broken('doctor.nodeDenied', { reason: code }, mends.askContexts)]
}

function healthFindings({ broker, keys, at, disk }: NodeHealth, { data, broker: own }: Evidence): readonly Finding[] {
  const found: Finding[] = []
  const isSaid = own?.management.state === 'alarm'
  if (!broker.open) {
    found.push(broken('doctor.brokerClosed', { reason: broker.lastError ?? '' }, mends.showBroker))
  } else if (broker.blocked !== null && !isSaid) {
    found.push(broken('doctor.brokerBlocked', { reason: broker.blocked }, mends.showAlarms))
  }
  for (const { name } of keys.filter(({ inUse, endsAt }) => inUse && endsAt !== null && endsAt <= at)) {
    found.push(broken('doctor.keyEnded', { name }, mends.rotateKey))
  }
  const percent = disk === null ? null : Math.floor((100 * disk.freeBytes) / Math.max(1, disk.totalBytes))
  if (data === null && disk !== null && percent !== null && percent <= nearlyFull) {
    found.push(broken('doctor.diskFull', { path: disk.path, percent }, mends.showSpace, disk.path))
  }
  return found
}

/** The line to the parent as it is seen from here, unless its link is open all the same. */
function parentFindings({ parent }: Evidence, health: NodeHealth | null): readonly Finding[] {
  const isOpen = health?.links.some(({ direction, phase }) => direction === 'up' && phase === 'open') ?? false
  if (parent === null || parent.reach.step === 'fine' || isOpen) return []
  const { reach } = parent
  return [parentUnreached(parent, reach.reason, reach.step === 'tls')]
}

function linkFindings(health: NodeHealth): readonly Finding[] {
  return health.links.flatMap((link) =>
    link.order?.stop ? [stopped(link)] : link.phase === 'open' ? [] : [notOpen(link)],
  )
}

function stopped({ neighbour: node, order }: LinkView): Finding {
  const values = { node, by: order?.by ?? '', reason: order?.reason ?? '' }
  return broken('doctor.linkStopped', values, mends.resumeLink, node)
}

function notOpen({ neighbour: node, direction, place, reasons }: LinkView): Finding {
  if (direction === 'down') {
    return { level: 'notice', cause: 'doctor.childSilent', values: { node }, mend: { phrase: 'doctor.ask.child' } }
  }
  const reason = reasons.join(', ')
  if (/ACCESS.?REFUSED|403/i.test(reason)) {
    return {
      level: 'broken',
      cause: 'doctor.parentDenied',
      values: { node, reason },
      mend: { phrase: 'doctor.ask.parent' },
    }
  }
  if (reasons.length === 1 && reasons[0] === 'canary-missing') {
    return { level: 'broken', cause: 'doctor.parentSilent', values: { node }, mend: { phrase: 'doctor.ask.parent' } }
  }
  const said = reasons.flatMap((each) => each.split(': ').slice(1).join(': ') || [])[0]
  if (place !== null && said !== undefined)
    return parentUnreached({ node, place }, said, /certificate|altname|issuer/i.test(said))
  return broken('doctor.linkDown', { node, reason }, mends.showLink, node)
}

/** `reason`: what the socket said, or who checked the certificate. */
function parentUnreached(
  { node, place }: { readonly node: string; readonly place: string },
  reason: string,
  isTls: boolean,
): Finding {
  const { host, port } = hostOf(place)
  return isTls
    ? broken('doctor.parentTls', { node, reason }, mends.showCertificate, `${host}:${port}`)
    : broken('doctor.parentAway', { node, place, reason }, mends.tryLine, host, port)
}

function notices({ at, keys, certificates, disk, links, oldestDocumentAt }: NodeHealth): readonly Finding[] {
  const found: Finding[] = []
  const note = (cause: DoctorKey, values: ErrorDetail, mend: Mend, ...words: readonly string[]) =>
    found.push({ level: 'notice', cause, values, mend: typed(mend, words) })
  const waited = oldestDocumentAt === null ? 0 : at - oldestDocumentAt
  if (waited > oldMs && links.every(({ phase, order }) => phase === 'open' && !order?.stop)) {
    note('doctor.backlog', { minutes: Math.floor(waited / minuteMs) }, mends.checkQueue)
  }
  for (const { name, endsAt } of [...keys.filter(({ inUse }) => inUse), ...certificates]) {
    const days = endsAt === null ? null : Math.floor((endsAt - at) / dayMs)
    if (days !== null && endsAt !== null && endsAt > at && days <= soonDays) {
      note('doctor.endsSoon', { name, days }, mends.checkCert)
    }
  }
  const percent = disk === null ? 100 : Math.floor((100 * disk.freeBytes) / Math.max(1, disk.totalBytes))
  if (disk !== null && percent > nearlyFull && percent <= low) {
    note('doctor.diskLow', { path: disk.path, percent }, mends.showSpace, disk.path)
  }
  return found
}

function hostOf(place: string): { readonly host: string; readonly port: string } {
  const url = new URL(place)
  return { host: url.hostname, port: url.port === '' ? (url.protocol === 'amqps:' ? '5671' : '5672') : url.port }
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
