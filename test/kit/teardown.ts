/**
 * Where clean-up is registered: a test's context, or `{ after }` of `node:test` inside a suite.
 * Registered at creation, so that a test that throws half-way still leaves nothing behind.
 */
export interface Teardown {
  after(clean: () => void | Promise<void>): void
}

/**
 * A teardown of its own that cleans up in the order opposite to that of creation, when the given one says so. In a suite
 * it is made beside the tests and used in `before`: what a hook registers at `after` ends with the hook.
 */
export function lastFirst(teardown: Teardown): Teardown {
  const steps: (() => void | Promise<void>)[] = []
  teardown.after(async () => {
    const errors: unknown[] = []
    for (const step of steps.reverse()) {
      try {
        await step()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'clean-up failed')
  })
  return { after: (clean) => void steps.push(clean) }
}
