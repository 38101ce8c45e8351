/** Says why a command failed: one sentence with a code and what to do, or the same as JSON. */
import { type ErrorDetail, RelayError, sentence } from '@lienthong/core'
import type { Context } from './command.ts'
import { problemLine, problemsOf } from './config/problem.ts'
import { type ExitCode, exitOf } from './exit-codes.ts'
import { printable, printableJson } from './printable.ts'

export async function reportFailure(error: unknown, context: Context): Promise<ExitCode> {
  const known = error instanceof RelayError ? error : unforeseen(error)
  const { language } = context
  const { code, detail } = known
  const { text, action } = sentence(language, code, withReason(detail))
  const problems = problemsOf(error)
  if (context.format === 'json') {
    const places = problems.map(({ file, line, column, path, text: textOf }) => {
      return { file, line, column, path, text: textOf(language) }
    })
    const full = places.length === 0 ? detail : { ...detail, problems: places }
    await context.note(printableJson({ error: { code, text, action, detail: full } }))
  } else {
    const lines = problems.map((problem) => problemLine(problem, language))
    await context.note([...lines, printable(`${text} ${action} [${code}]`)].join('\n'))
  }
  if (context.debug && error instanceof Error) await context.note(traceOf(error))
  return exitOf(code)
}

/** Some libraries name their reason `why`; the sentences ask for `reason`. */
function withReason(detail: ErrorDetail): ErrorDetail {
  return detail['why'] === undefined ? detail : { reason: detail['why'], ...detail }
}

function unforeseen(error: unknown): RelayError {
  const reason = error instanceof Error ? error.message : String(error)
  return new RelayError('INTERNAL', { detail: { reason }, cause: error })
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\n[cause]: ${error.cause.stack ?? error.cause.message}` : ''
  const trace = `${error.stack ?? error.message}${cause}`
  return trace.split('\n').map(printable).join('\n')
}
