import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['*.test.ts', '*/src/**/*.test.ts', 'e2e/src/**/*.e2e.ts'],
    // Real processes, files and sockets: a hang is a failure, but a loaded machine is not.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
})
