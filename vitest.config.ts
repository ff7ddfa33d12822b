import { defineConfig } from 'vitest/config'
import { TestTotalsReporter } from './test-totals-reporter.ts'

export default defineConfig({
  test: {
    include: ['*.test.ts', '*/{src,bin,build}/**/*.test.{ts,tsx}', 'e2e/src/**/*.e2e.ts'],
    // Real processes, files and sockets: a hang is a failure, but a loaded machine is not.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    reporters: ['default', new TestTotalsReporter()],
  },
})
