import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runProcess } from '@lienthong/test/kit'
import { shellWord } from '../src/shell-word.ts'

describe('word of a shell', () => {
  it('is the same text to a shell, whatever stands in it', async () => {
    const texts = ['/tmp/demo-x/12-UBND.edxml', "it's", 'a b  c', '$HOME `id` "x" \\ *', '', '-n', 'một\ndòng']

    const { stdout } = await runProcess({
      command: '/bin/sh',
      args: ['-c', `printf '%s\\0' ${texts.map(shellWord).join(' ')}`],
    })

    assert.deepEqual(stdout.split('\0').slice(0, -1), texts)
  })
})
