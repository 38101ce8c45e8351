/** How to go on with what is left running: lines to copy, for every door. */
import type { Access } from './access.ts'
import type { Play } from './play.ts'
import { shellWord } from './shell-word.ts'

/** Shows commands of `lienthong`, properties of VNPT's SDK, and calls of REST, all with the values of two communes. */
export function showHowToGoOn(
  { report, stage, programme }: Play,
  { program, demoFile, connectFile }: { readonly program: string; demoFile: string; connectFile: string },
): void {
  const { letter, sample } = programme
  const { from } = sample
  const [to = ''] = sample.to
  const configOf = (organ: string) => shellWord(stage.federation.serving(organ).configFile)
  const copy = (lines: readonly string[]) => lines.forEach((line) => report.line(`    ${line}`))

  report.heading(report.say('demo.keep.heading'))
  report.line(`  ${report.say('demo.keep.file', { file: demoFile })}`)
  report.line(`  ${report.say('demo.keep.clients')}`)
  copy([
    `${program} mailbox list --all --as ${to} --config ${configOf(to)}`,
    `${program} track ${letter.uid} --config ${configOf(from)}`,
    `${program} submit ${shellWord(letter.file)} --as ${from} --config ${configOf(from)}`,
  ])
  report.line(`  ${report.say('demo.keep.vxp', { organ: from })}`)
  copy(sdkProperties(stage.access(from)))
  report.line(`  ${report.say('demo.keep.rest', { from, to })}`)
  copy(restCalls({ sender: stage.access(from), recipient: stage.access(to), file: sample.file }))
  report.line(`  ${report.say('demo.keep.pages')}`)
  copy([`. ${shellWord(connectFile)}`])
  report.line(`  ${report.say('demo.keep.end')}`)
}

/** As the SDK reads them. */
function sdkProperties({ url, systemId, secret }: Access): readonly string[] {
  return [
    `service.endpoint=${url}`,
    `systemid=${systemId}`,
    `secret=${secret}`,
    'store-path-dir=./vxp',
    'client.protocol=HTTP',
    'client.max-connection=5',
    'client.max-error-retry=3',
  ]
}

/** Submit; list, fetch and acknowledge on the other side. */
function restCalls(given: {
  readonly sender: Access
  readonly recipient: Access
  readonly file: string
}): readonly string[] {
  const { sender, recipient, file } = given
  const curl = ({ apiKey }: Access) => `curl -H 'Authorization: Bearer ${apiKey}'`
  const mailbox = `${recipient.url}/v1/mailbox`
  return [
    `${curl(sender)} -H 'Content-Type: application/vnd.edxml+xml' -X POST -T ${shellWord(file)} ${sender.url}/v1/documents`,
    `ID=$(${curl(recipient)} '${mailbox}?wait=30&limit=1' | sed -E 's/.*"items":\\[\\{"id":([0-9]+).*/\\1/')`,
    `${curl(recipient)} -o den.edxml ${mailbox}/$ID/packet`,
    `${curl(recipient)} -X POST ${mailbox}/$ID/acknowledge`,
  ]
}
