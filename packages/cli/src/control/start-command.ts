/** By which command a node that does not run is started. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Data of a node that a service runs, as in `lienthong@.service`. */
const serviceData = /^\/var\/lib\/lienthong\/([^/]+)$/
const service = { command: 'systemctl restart' }
const byHand = { command: 'lienthong node run' }

/** Of the node with this data folder; `units` is where this machine's own units are. */
export function startCommand(dataDir: string, units = '/etc/systemd/system'): string {
  const name = serviceData.exec(dataDir)?.[1]
  const isService = name !== undefined && existsSync(join(units, 'lienthong@.service'))
  return isService ? `${service.command} lienthong@${name}` : byHand.command
}
