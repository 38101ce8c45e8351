/**
 * Where clean-up is registered: a test's context, or `{ after }` of `node:test` inside a suite.
 * Registered at creation, so that a test that throws half-way still leaves nothing behind.
 */
export interface Teardown {
  after(clean: () => void | Promise<void>): void
}
