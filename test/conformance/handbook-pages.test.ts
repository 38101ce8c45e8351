/** The handbook says the same in both languages, leads somewhere, and has no command that nobody tests. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { handbook, handbookLanguages, handbookPages, type Step, stepsIn } from '../handbook/page.ts'
import { elsewhere } from '../handbook/root-commands.ts'
import { readManifest, root } from './source-files.ts'

const [vi, en] = handbookLanguages

describe('the handbook', () => {
  it('has the same pages in both languages, and each is walked through', () => {
    for (const language of handbookLanguages)
      assert.deepEqual(new Set(readdirSync(join(handbook, language))), new Set(['README.md', ...handbookPages]))
  })

  for (const page of handbookPages) {
    it(`${page}: the same commands, answers and headings in both`, () => {
      assert.deepEqual(stepsIn(vi, page).map(scriptOf), stepsIn(en, page).map(scriptOf))
      const headings = (language: 'vi' | 'en') => [...text(language, page).matchAll(/^#+ /gm)].map(([level]) => level)
      assert.deepEqual(headings(vi), headings(en))
    })
  }

  it('leads from each page to pages and headings that are there', () => {
    for (const language of handbookLanguages) {
      for (const page of ['README.md', ...handbookPages]) {
        for (const [, to = ''] of text(language, page).matchAll(/\]\(([^)]+)\)/g)) {
          const [file = '', anchor] = to.split('#')
          const path = join(handbook, language, file === '' ? page : file)
          assert.ok(existsSync(path), `${language}/${page}: ${to}`)
          if (anchor !== undefined) assert.ok(anchorsOf(path).includes(anchor), `${language}/${page}: ${to}`)
        }
      }
    }
  })

  it('names commands that there are, and the version of today', () => {
    const known = [
      ...readFileSync(join(root, 'packages/cli/README.md'), 'utf8').matchAll(/^\| `([a-z][a-z -]*[a-z])/gm),
    ]
    const commands = known.map(([, words = '']) => words)
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
    for (const language of handbookLanguages) {
      for (const page of ['README.md', ...handbookPages]) {
        const written = text(language, page)
        for (const [, call = ''] of written.matchAll(/`lienthong ([a-z][^`]*)`/g)) {
          assert.ok(
            commands.some((command) => `${call} `.startsWith(command) || call.split('|')[0]?.startsWith(command)),
            call,
          )
        }
        for (const [, named] of written.matchAll(/lienthong-(\d+\.\d+\.\d+)/g)) assert.equal(named, version)
      }
    }
    assert.equal(readManifest('packages/cli').name, '@lienthong/cli')
  })

  it('has for root what is run, or is known to be tested elsewhere, and no rule that no page needs', () => {
    const lines = handbookPages.flatMap((page) =>
      stepsIn(vi, page).flatMap((step) =>
        'typed' in step && step.typed.root ? step.typed.commands.trim().split('\n') : [],
      ),
    )
    for (const { command } of elsewhere)
      assert.ok(
        lines.some((line) => command.test(line)),
        String(command),
      )
    assert.ok(existsSync(join(root, 'deploy/systemd/lienthong@.service')))
    for (const line of lines.filter((each) => /^(?:systemctl|journalctl -u) /.test(each)))
      assert.match(line, /\b(?:rabbitmq-server|lienthong@[A-Z][\w.]*|daemon-reload)\b/)
  })
})

function text(language: 'vi' | 'en', page: string): string {
  return readFileSync(join(handbook, language, page), 'utf8')
}

/** What is typed and what happens; where an answer stands, and not in which language. */
function scriptOf(step: Step): unknown {
  if (!('typed' in step)) return step.happening
  const { machine, root: isRoot, exitCode, commands, answer } = step.typed
  return { machine, isRoot, exitCode, commands, isAnswered: answer !== null }
}

/** As GitHub makes them. */
function anchorsOf(path: string): readonly string[] {
  assert.ok(existsSync(dirname(path)))
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
