/** Documents that meet a full disk: one is handed in there, one comes from another node. None is lost, and none is there twice. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { waitFor } from '../kit/index.ts'
import type { Machine } from './machine.ts'

const deadlineMs = 90_000
/** Beside the node's data, on the same disk. */
const filler = '/var/backups/day.tar'

interface Item {
  readonly id: number
  readonly uid: string
  readonly from: string
}

/** Fills it to the last byte. Resolves with what is to hold when there is room again. */
export async function fillDisk(machine: Machine, sender: Machine): Promise<() => Promise<void>> {
  const { id } = machine
  await machine.stopService(id)
  await machine.ownDisk()
  await machine.startService(id)
  await waitFor(async () => (await machine.shell('lienthong status', false)).exitCode === 0, {
    what: `${id} to answer`,
    deadlineMs,
  })
  await build(machine, sender.id)
  await build(sender, id)
  const [before, theirs] = [await mailbox(machine), await mailbox(sender)]
  await done(
    machine,
    `! cat /dev/zero > ${filler} && test "$(df --output=avail /var/lib/lienthong | tail -1)" -eq 0`,
    true,
  )

  const refused = await machine.shell(`lienthong submit lon.edxml --as ${id}`, false)
  assert.equal(refused.exitCode, 7, refused.output)
  assert.match(refused.output, /\[DISK_FULL\]/)
  await done(sender, `lienthong submit lon.edxml --as ${sender.id}`)
  await waitFor(async () => (await done(sender, track(sender))).includes('"dispatched"'), {
    what: 'a document to stand before the full disk',
    deadlineMs,
  })
  assert.deepEqual(await mailbox(machine), before)

  return async () => {
    assert.deepEqual(await mailbox(machine), before, 'nothing got in while it was full')
    await done(machine, `rm ${filler}`, true)
    await waitFor(async () => (await done(sender, track(sender))).includes('"delivered"'), {
      what: 'the document that waited to be delivered',
      deadlineMs,
    })
    const [came] = await added(machine, before)
    await done(machine, `lienthong mailbox read ${came?.id} --as ${id} --out nhan.edxml`)
    const read = (at: Machine, file: string) => readFileSync(at.place(`etc/lienthong/${at.id}/${file}`))
    assert.ok(read(machine, 'nhan.edxml').equals(read(sender, 'lon.edxml')))
    await done(machine, `lienthong submit lon.edxml --as ${id}`)
    await waitFor(async () => (await mailbox(sender)).length > theirs.length, {
      what: 'what was refused to arrive once it is handed in again',
      deadlineMs,
    })
    await added(sender, theirs)
  }
}

/** Larger than what goes into the database, so that it needs room at once. */
async function build({ id, shell }: Machine, to: string): Promise<void> {
  const commands = `head -c 3000000 /dev/urandom | base64 > lon.txt
cat > lon.yaml <<'END'
from: { organId: ${id}, organName: ${id} }
to: [{ organId: ${to}, organName: ${to} }]
documentId: ${id}-2026-lon
code: { number: '77', notation: UBND-VP }
place: Xã
promulgationDate: 2026-11-26
documentType: { type: 2, typeDetail: 3, typeName: Công văn }
subject: Văn bản lớn
signer: { fullName: Chủ tịch }
attachments: [{ file: lon.txt }]
END
lienthong edoc build lon.yaml --out lon.edxml`
  const { exitCode, output } = await shell(commands, false)
  assert.equal(exitCode, 0, output)
}

function track({ id }: Machine): string {
  return `lienthong track ${id}-2026-lon -o json`
}

async function mailbox(machine: Machine): Promise<readonly Item[]> {
  const said = await done(machine, `lienthong mailbox list --as ${machine.id} --all -o json`)
  return (JSON.parse(said) as { readonly items: readonly Item[] }).items
}

/** What is there since, which is one document; all that was there is there still. */
async function added(machine: Machine, before: readonly Item[]): Promise<readonly Item[]> {
  const now = await mailbox(machine)
  const fresh = now.filter(({ id }) => before.every((each) => each.id !== id))
  assert.equal(now.length - fresh.length, before.length)
  assert.equal(fresh.length, 1)
  return fresh
}

async function done(machine: Machine, commands: string, isRoot = false): Promise<string> {
  const { exitCode, output } = await machine.shell(commands, isRoot)
  assert.equal(exitCode, 0, output)
  return output
}
