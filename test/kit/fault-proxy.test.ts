import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { startProxy, type Teardown, waitFor } from './index.ts'

describe('fault proxy', () => {
  it('passes bytes and the end of a connection both ways', async (t) => {
    const { proxy, dial } = await echoBehindProxy(t)
    const client = await dial()

    client.socket.end('hello')

    await client.closed
    assert.equal(client.received(), 'hello')
    assert.deepEqual(proxy.forwarded, { up: 5, down: 5 })
    await waitFor(() => proxy.connections === 0, { what: 'the proxy to forget the connection' })
  })

  it('withholds bytes and ends in silence, and lets them go on after it', async (t) => {
    const { proxy, dial, accepted } = await echoBehindProxy(t)
    const before = await dial()
    before.socket.write('a')
    await waitFor(() => before.received() === 'a', { what: 'the first echo' })

    await proxy.setMode('silent')
    const during = await dial()
    before.socket.end('b')
    during.socket.write('c')
    accepted[0]?.write('from the target')
    await waitFor(() => proxy.connections === 2, { what: 'the silent proxy to accept' })
    // A byte that passes through a proxy that does pass shows that time enough has gone by for the others.
    await roundTrip(t)
    assert.equal(before.received(), 'a')
    assert.equal(during.received(), '')
    assert.equal(accepted[0]?.readableEnded, false)

    await proxy.setMode('pass')
    await waitFor(() => before.received() === 'afrom the targetb' && during.received() === 'c', {
      what: 'what was withheld',
    })
    await before.closed
  })

  it('hides in silence that the target reset the connection, and shows it afterwards', async (t) => {
    const { proxy, dial, accepted } = await echoBehindProxy(t)
    const client = await dial()
    await waitFor(() => accepted.length === 1, { what: 'the target to accept' })

    await proxy.setMode('silent')
    accepted[0]?.resetAndDestroy()
    await roundTrip(t)
    assert.equal(client.socket.closed, false)

    await proxy.setMode('pass')
    await client.closed
  })

  it('refuses new connections and resets the others, on the same port until it passes again', async (t) => {
    const { proxy, dial } = await echoBehindProxy(t)
    const client = await dial()
    await proxy.setMode('silent')
    client.socket.write('lost')

    await proxy.setMode('refuse')
    await client.closed
    assert.equal(client.error(), 'ECONNRESET')
    await assert.rejects(dial(), { code: 'ECONNREFUSED' })

    await proxy.setMode('pass')
    const again = await dial()
    again.socket.end('x')
    await again.closed
    assert.equal(again.received(), 'x')
  })

  it('drops all connections and serves new ones', async (t) => {
    const { proxy, dial } = await echoBehindProxy(t)
    const clients = [await dial(), await dial()]
    await waitFor(() => proxy.connections === 2, { what: 'two connections' })

    proxy.dropAll()

    await Promise.all(clients.map((client) => client.closed))
    assert.deepEqual(
      clients.map((client) => client.error()),
      ['ECONNRESET', 'ECONNRESET'],
    )
    const next = await dial()
    next.socket.end('y')
    await next.closed
    assert.equal(next.received(), 'y')
  })

  it('cuts after exactly so many bytes', async (t) => {
    const { proxy, dial, bytesAtTarget } = await echoBehindProxy(t)
    const client = await dial()
    proxy.cutAfter(100_000)

    client.socket.write(Buffer.alloc(300_000))

    await client.closed
    assert.equal(proxy.forwarded.up, 100_000)
    assert.ok(bytesAtTarget() <= 100_000)
    const next = await dial()
    next.socket.end('z')
    await next.closed
    assert.equal(next.received(), 'z')
  })

  it('cuts the way back after exactly so many bytes', async (t) => {
    const { proxy, dial } = await echoBehindProxy(t)
    const client = await dial()
    proxy.cutAfter(100_000, 'down')

    client.socket.write('x'.repeat(300_000))

    await client.closed
    assert.equal(proxy.forwarded.down, 100_000)
    assert.ok(client.received().length <= 100_000)
    const next = await dial()
    next.socket.end('z')
    await next.closed
    assert.equal(next.received(), 'z')
  })

  it('is late by the latency in each direction, in order', async (t) => {
    const { proxy, dial } = await echoBehindProxy(t)
    proxy.latencyMs = 60
    const client = await dial()
    const start = performance.now()

    client.socket.write('1')
    client.socket.end('2')

    await client.closed
    assert.equal(client.received(), '12')
    assert.ok(performance.now() - start >= 118, 'two directions of 60 ms')
  })
})

async function echoBehindProxy(t: Teardown) {
  const accepted: Socket[] = []
  let bytes = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      bytes += data.length
      socket.write(data)
    })
    socket.once('end', () => socket.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of accepted) socket.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const proxy = await startProxy({ target: { host: '127.0.0.1', port }, teardown: t })
  return { proxy, accepted, bytesAtTarget: () => bytes, dial: () => dial(t, proxy.port) }
}

async function dial(t: Teardown, port: number) {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: false })
  t.after(() => void socket.destroy())
  let received = ''
  let code: string | undefined
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    received += text
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code
  })
  return { socket, closed, received: () => received, error: () => code }
}

async function roundTrip(t: Teardown): Promise<void> {
  const { dial } = await echoBehindProxy(t)
  const client = await dial()
  client.socket.end('there and back')
  await client.closed
}
