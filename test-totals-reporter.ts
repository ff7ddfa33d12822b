import type { Reporter, TestModule } from 'vitest/node'

/** Closes a test run with one plain line that any CI can read: `tests: 12 passed, 0 failed, 3 skipped`. */
export class TestTotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const totals = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') totals[state] += 1
      }
      // A file that could not be loaded has no tests to count, and has failed all the same.
      if (module.errors().length > 0) totals.failed += 1
    }
    console.log(`tests: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
  }
}
