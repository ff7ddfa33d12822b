import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DigestedRequest, requestDigest } from './request-digest.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`request-digest.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

/** Few values, so that equal requests are met too; some that look alike when they are run together. */
const part = fc.constantFrom('', 'a', 'b', 'a,b', '","', 'a b', 'null')
const request: fc.Arbitrary<DigestedRequest> = fc.record({
  file: part,
  args: fc.array(part, { maxLength: 3 }),
  workingDir: part,
  timeoutMs: fc.constantFrom(null, 1, 1.5, 1_000),
  cancelOnDisconnect: fc.boolean(),
})
const fields = ({ file, args, workingDir, timeoutMs, cancelOnDisconnect }: DigestedRequest) => ({
  file,
  args,
  workingDir,
  timeoutMs,
  cancelOnDisconnect,
})

test('two requests have the same digest when they are the same, and only then', () => {
  const small = fc.record({ a: request, b: request, same: fc.boolean() })
  fc.assert(
    fc.property(small, ({ a, b, same }) => {
      const other = same ? structuredClone(a) : b
      const equal = JSON.stringify(fields(a)) === JSON.stringify(fields(other))
      expect(requestDigest(a) === requestDigest(other)).toBe(equal)
    }),
    { numRuns: 1_000 },
  )
})

test('each field counts', () => {
  const base: DigestedRequest = { file: '/a.do', args: [], workingDir: '/', timeoutMs: null, cancelOnDisconnect: false }
  const others: Partial<DigestedRequest>[] = [
    { file: '/b.do' },
    { args: [''] },
    { workingDir: '/a' },
    { timeoutMs: 1 },
    { cancelOnDisconnect: true },
  ]
  const digests = [base, ...others.map((other) => ({ ...base, ...other }))].map(requestDigest)
  expect(new Set(digests).size).toBe(6)
})

test('it is what earlier versions stored: a changed one would refuse every repeated start', () => {
  const digest = requestDigest({
    file: '/projects/main.do',
    args: ['1', '\u00e9'],
    workingDir: '/projects',
    timeoutMs: 600_000,
    cancelOnDisconnect: false,
  })
  expect(digest).toBe('ed4cad01b30191296c6fde71b8bc03ffe47c388dda0d85fb8c6c2dd9c595c225')
})
