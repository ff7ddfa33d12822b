import { expect, test } from 'vitest'
import { newRunKey } from './run-key.ts'

test('keys are made of 128 random bits and are legal run keys', () => {
  const keys = Array.from({ length: 1_000 }, newRunKey)
  expect(new Set(keys).size).toBe(1_000)
  for (const key of keys) expect(key).toMatch(/^dashboard-[0-9a-f]{32}$/)
})
