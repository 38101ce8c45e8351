/** Handing in over HTTP, by a client that is a process of its own. */
import { fileURLToPath } from 'node:url'
import { runProcess } from '@lienthong/test/kit'
import type { Play } from './play.ts'
import type { PreparedLetter } from './senders.ts'
import type { VxpTask } from './vxp-client.ts'

const program = fileURLToPath(new URL('vxp-client.js', import.meta.url))

/** As `submit`; that the node has it under the uid its sender computed is asked at the control socket. */
export async function submitByVxp({ stage, ledger, report }: Play, letter: PreparedLetter): Promise<void> {
  const { organ, url, systemId, secret } = stage.access(letter.from)
  const task: VxpTask = { organ, url, systemId, secret, file: letter.file }
  const { exitCode, stdout, stderr } = await runProcess({ args: [program], input: JSON.stringify(task) })
  if (exitCode !== 0 || !isTaken(stdout)) {
    const text = stdout || stderr.trim().split('\n').slice(-3).join(' ')
    throw new Error(report.say('demo.failed.vxp', { organ, text }))
  }
  ledger.sent(letter)
  const known = await stage.door(letter.from).track({ uid: letter.uid })
  if (known.length !== 1) report.check(false, report.say('demo.check.uid', { title: letter.title }))
}

function isTaken(envelope: string): boolean {
  return (JSON.parse(envelope) as { readonly status?: unknown }).status === 'OK'
}
