/** Nothing is said about what takes less. */
const quietMs = 2_000
const lineEveryMs = 5_000
const spinEveryMs = 120
const spinner = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇']

/**
 * Shows on standard error that something goes on, once it has taken two seconds: a spinner with the seconds on a
 * terminal, otherwise a line every five seconds; and a line at its end. What `work` returns or throws passes through.
 *
 * @template Value
 * @param {import('./run.mjs').Context} context
 * @param {string} what
 * @param {() => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function withProgress({ say }, what, work) {
  const start = performance.now()
  const { stderr } = process
  const seconds = () => Math.round((performance.now() - start) / 1_000)
  let shown = 0
  const show = () => {
    const passedMs = performance.now() - start
    if (passedMs < quietMs) return
    const line = say('PROGRESS', { what, seconds: seconds() })
    if (stderr.isTTY) stderr.write(`\r\u001b[K${spinner[shown % spinner.length]} ${line}`)
    else if (shown === 0 || passedMs >= quietMs + shown * lineEveryMs) stderr.write(`${line}\n`)
    else return
    shown += 1
  }
  const timer = setInterval(show, spinEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (shown > 0) stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${say('FINISHED', { what, seconds: seconds() })}\n`)
  }
}
