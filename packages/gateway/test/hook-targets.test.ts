import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTargets } from '../src/hooks/targets.ts'

const refused = { code: 'HOOK_TARGET_REFUSED' }
const at =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** Every way to write an address inside. */
const insideUrls = [
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://017700000001/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fd00::1]/',
  'https://0.0.0.0/',
  'https://10.1.2.3/',
  'https://172.31.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://224.0.0.1/',
]

describe('where webhooks may go', () => {
  it('is nowhere inside, however it is written', async () => {
    const targets = openTargets([])
    for (const written of insideUrls) {
      const url = new URL(written)
      assert.throws(() => targets.check(url), refused, written)
      await assert.rejects(targets.resolve(url), refused, written)
    }
  })

  it('is nowhere inside by a name either', async () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fe80::1']) {
      await assert.rejects(openTargets([], at(address)).resolve(new URL('https://dms.example/')), refused, address)
    }
  })

  it('is the open internet, by HTTPS only, at an address that was checked', async () => {
    const targets = openTargets([], at('10.0.0.1', '8.8.8.8'))
    targets.check(new URL('https://dms.example/'))
    assert.deepEqual(await targets.resolve(new URL('https://dms.example/')), { address: '8.8.8.8', family: 4 })
    assert.throws(() => targets.check(new URL('http://dms.example/')), refused)
    await assert.rejects(targets.resolve(new URL('http://dms.example/')), refused)
    assert.throws(() => targets.check(new URL('http://8.8.8.8/')), refused)
  })

  it('is also what the administrator named: a network or a host, and nothing beside it', async () => {
    const targets = openTargets(['10.20.0.0/16', 'VanThu.noibo'], at('10.21.0.1'))
    targets.check(new URL('http://10.20.1.1/'))
    assert.throws(() => targets.check(new URL('http://10.21.1.1/')), refused)
    assert.equal((await targets.resolve(new URL('http://vanthu.noibo/'))).address, '10.21.0.1')
    await assert.rejects(targets.resolve(new URL('http://khac.noibo/')), refused)
    await assert.rejects(targets.resolve(new URL('https://khac.noibo/')), refused)
  })

  it('is said in the configuration in words that are understood', () => {
    openTargets(['Văn-Thư.noibo', 'dms_1', '10.0.0.0/8', 'fd00::/8']).check(new URL('http://văn-thư.noibo/'))
    for (const written of [
      '10.0.0.0/99',
      '10.0.0/8',
      '10.0.0',
      '2130706433',
      'https://dms.example',
      'dms.example:443',
      'dms.example/',
      '*.example',
      'me@dms.example',
      '',
    ]) {
      assert.throws(() => openTargets([written]), { code: 'CONFIG_INVALID' }, written)
    }
  })
})
