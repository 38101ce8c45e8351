import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { RelayError, sentence } from '@lienthong/core'
import { startCommand } from '../src/control/start-command.ts'
import { translated } from '../src/control/transport.ts'

it('a node that a service runs is started by its service, any other by hand', (t) => {
  const units = mkdtempSync(join(tmpdir(), 'lt-'))
  t.after(() => rmSync(units, { recursive: true }))
  assert.equal(startCommand('/var/lib/lienthong/H29.18', units), 'lienthong node run', 'no unit is there')
  writeFileSync(join(units, 'lienthong@.service'), '')
  assert.equal(startCommand('/var/lib/lienthong/H29.18', units), 'systemctl restart lienthong@H29.18')
  assert.equal(startCommand('/home/lan/H29.18', units), 'lienthong node run')

  const gone = Object.assign(new Error('gone'), { code: 'ENOENT' })
  const error = translated(gone, { socketPath: '/home/lan/H29.18/control.sock' })
  assert.ok(error instanceof RelayError)
  assert.match(sentence('en', error.code, error.detail).action, /^Start it with `lienthong node run`, then retry\.$/)
})
