import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections at once, all together and from one address. The latter leaves room for a whole network behind one. */
const maxConnections = 4096
const maxFromOnePeer = 1024

/** No single address can take every connection. Past the bound a connection is cut, not queued. */
export function limitPeers(server: Server, perPeer = maxFromOnePeer): void {
  const open = new Map<string, number>()
  server.maxConnections = maxConnections
  server.on('connection', (socket: Socket) => {
    const peer = socket.remoteAddress ?? ''
    const count = (open.get(peer) ?? 0) + 1
    if (count > perPeer) {
      socket.destroy()
      return
    }
    open.set(peer, count)
    socket.once('close', () => {
      const left = (open.get(peer) ?? 1) - 1
      if (left === 0) open.delete(peer)
      else open.set(peer, left)
    })
  })
}
