/** What the pages "Connect by …" take from the shell, for two communes of the federation that is left running. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Play } from './play.ts'
import { sampleNumber } from './programme.ts'
import { shellWord } from './shell-word.ts'

/** Writes connect.sh into `dir`, mode 0600, and returns its path. Each time a shell reads it, PACKET is one nobody has seen. */
export function writeConnectFile(dir: string, { stage, programme: { sample } }: Play): string {
  const [to = ''] = sample.to
  const [sender, recipient] = [stage.access(sample.from), stage.access(to)]
  const { url, vhost } = stage.federation.serving(sample.from).config.broker.address
  const lines = [
    exported({
      FROM: sender.organ,
      URL: sender.url,
      KEY: sender.apiKey,
      SYSTEM: sender.systemId,
      SECRET: sender.secret,
      AMQP_URL: `${url}/${encodeURIComponent(vhost)}`,
    }),
    exported({
      TO: recipient.organ,
      TO_URL: recipient.url,
      TO_KEY: recipient.apiKey,
      TO_SYSTEM: recipient.systemId,
      TO_SECRET: recipient.secret,
    }),
    `export PACKET="$(mktemp --suffix=.edxml --tmpdir=${shellWord(dirname(sample.file))})"`,
    `sed "s/${sampleNumber}/$(date +%s%N)/g" ${shellWord(sample.file)} > "$PACKET"`,
  ]
  const file = join(dir, 'connect.sh')
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return file
}

function exported(variables: Readonly<Record<string, string>>): string {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`)
  return `export ${words.join(' ')}`
}
