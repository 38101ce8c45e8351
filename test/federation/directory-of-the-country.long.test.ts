/** The directory of a whole country reaches a node that has just joined: 11,400 nodes, 125,400 organisations. */
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import {
  type AnnouncedChild,
  type Announcement,
  keyStatement,
  type NodeKey,
  nothingDeclared,
  type SignedAnnouncement,
} from '@lienthong/core'
import { createSealingKey, type SealingKey, sealAnnouncement } from '@lienthong/link'
import { startStoreHost } from '@lienthong/store'
import { type JoinedFederation, prepareFederation } from '../kit/federation-joined.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const provinces = 63
const communesEach = 180
const organisationsEach = 11
/** A minute is promised, and a quarter of it was measured; what a busy machine may take on top, ms. */
const deadlineMs = 240_000

const tree = [
  { id: 'G22', tier: 'trung ương', parent: null, name: 'Trung ương' },
  { id: 'H99', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh mới' },
] as const

interface Country {
  readonly centre: SignedAnnouncement
  readonly others: readonly (SignedAnnouncement & { readonly publicKey: string })[]
  readonly organisations: number
}

function countryUnder(key: SealingKey): Country {
  const others: (SignedAnnouncement & { readonly publicKey: string })[] = []
  let organisations = 0
  function organs(id: string) {
    organisations += organisationsEach
    return Array.from({ length: organisationsEach }, (_, index) => ({
      id: index === 0 ? id : `${id}.${String(index).padStart(2, '0')}`,
      name: `Cơ quan số ${index} của đơn vị ${id}`,
      parent: index === 0 ? null : id,
      mail: `vanthu@${id.toLowerCase()}.example.vn`,
    }))
  }
  function announce(
    own: SealingKey,
    fields: Pick<Announcement, 'node' | 'parent' | 'children' | 'keys' | 'organisations'>,
  ) {
    return sealAnnouncement(
      { epoch: 1, version: 1, issuedAt: 0, tier: '', groups: {}, revocations: [], attests: [], ...fields },
      own,
    )
  }
  const children = Array.from({ length: provinces }, (_, at): AnnouncedChild => {
    const id = `H${String(at + 1).padStart(2, '0')}`
    const own = createSealingKey(id, 1)
    const communes = Array.from({ length: communesEach }, (__, place): AnnouncedChild => {
      const commune = `${id}.${String(place + 1).padStart(3, '0')}`
      const communeKey = createSealingKey(commune, 1)
      const fields = { node: commune, parent: id, children: [], keys: [], organisations: organs(commune) }
      others.push({ ...announce(communeKey, fields), publicKey: communeKey.publicKey })
      return { id: commune, tier: 'xã', keys: [vouched(own, communeKey)], delegates: [commune] }
    })
    const fields = { node: id, parent: 'G22', children: communes, keys: [], organisations: organs(id) }
    others.push({ ...announce(own, fields), publicKey: own.publicKey })
    return { id, tier: 'tỉnh', keys: [vouched(key, own)], delegates: [id] }
  })
  const keys = [{ kid: key.kid, publicKey: key.publicKey, vouchers: [] }]
  const centre = announce(key, { node: 'G22', parent: null, children, keys, organisations: organs('G22') })
  return { centre, others, organisations }
}

function vouched(signer: SealingKey, { kid, publicKey }: SealingKey): NodeKey {
  const statement = keyStatement({ kid, publicKey })
  assert.ok(statement !== null)
  return {
    kid,
    publicKey,
    vouchers: [{ by: signer.kid, signature: Buffer.from(signer.sign(statement)).toString('base64url') }],
  }
}

/** As if the centre had run for long. */
async function seed(federation: JoinedFederation, { centre, others }: Country): Promise<void> {
  const host = startStoreHost()
  try {
    const store = await host.open(federation.dataDir('G22'))
    const { children, organisations } = centre.announcement
    const declared = children.map(({ id, tier, delegates }) => ({ id, tier, delegates }))
    const { publicKey } = federation.plan.node('G22').config.key
    await store.directory.write({
      announcements: [{ ...centre, publicKey }, ...others].map((signed) => ({
        node: signed.announcement.node,
        epoch: 1,
        version: 1,
        bytes: signed.bytes,
        seal: signed.seal,
        publicKey: signed.publicKey,
        at: 0,
      })),
      declared: {
        epoch: 1,
        version: 1,
        at: 0,
        by: '',
        reason: '',
        base: null,
        content: { ...nothingDeclared, children: declared, organisations },
      },
      state: { version: 1, nextEpoch: 1 },
    })
    await store.close()
  } finally {
    await host.close()
  }
}

describe('the directory of a country', { timeout: 900_000 }, () => {
  const teardown = lastFirst({ after })

  it('reaches a node that has just joined, which has it again when it starts anew', async (t) => {
    if (!canStartBroker()) return t.skip('rabbitmq-server is missing')
    const federation = await prepareFederation(teardown, { tree, tops: ['G22'] })
    const country = countryUnder(federation.plan.node('G22').config.key)
    await seed(federation, country)
    const opening = performance.now()
    const centre = await federation.start('G22')
    const opened = performance.now() - opening
    assert.equal(centre.directory.organisations.length, country.organisations)
    await federation.start('H99')

    const joining = performance.now()
    const cpu = process.cpuUsage()
    await federation.join('H99')
    const last = `H${provinces}.${communesEach}.${organisationsEach - 1}`
    const fresh = federation.node('H99')
    await waitFor(() => fresh.directory.organisations.length >= country.organisations, {
      what: `${country.organisations} organisations at the new node`,
      deadlineMs,
    })
    const joined = performance.now() - joining
    const { user, system } = process.cpuUsage(cpu)
    assert.equal(fresh.table.resolve(last).found, true)
    assert.deepEqual(
      federation.said.filter(({ code }) => code !== undefined),
      [],
    )
    await federation.stop('H99')
    const again = performance.now()
    await federation.start('H99')
    assert.equal(federation.node('H99').directory.organisations.length, country.organisations)
    process.stdout.write(
      `${country.others.length + 1} nodes, ${country.organisations} organisations: at a new node after ${seconds(joined)} ` +
        `(${seconds((user + system) / 1000)} of processor time, both nodes); start with it ${seconds(opened)}, again ${seconds(performance.now() - again)}\n`,
    )
  })
})

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
