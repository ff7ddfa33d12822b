import { randomBytes } from 'node:crypto'
import type { Result, TailgateError } from '@tailgate/shared'
import { describe, expect, test } from 'vitest'
import { addToken, emptyTokenBook, findToken, revokeToken, type TokenBook } from './tokens.ts'

const createdAt = '2026-01-02T03:04:05.000Z'

function value<T>(result: Result<T, TailgateError>): T {
  if (!result.ok) throw result.error
  return result.value
}

function withTokens(...names: string[]): { book: TokenBook; tokens: string[] } {
  let book = emptyTokenBook(randomBytes)
  const tokens = names.map((name) => {
    const added = value(addToken(book, { name, role: 'run', createdAt }, randomBytes))
    book = added.book
    return added.token
  })
  return { book, tokens }
}

test('a token is found by itself alone, and the book does not have it', () => {
  const { book, tokens } = withTokens('ada', 'grace')
  expect(findToken(book, tokens[0] ?? '')).toMatchObject({ name: 'ada', role: 'run', createdAt })
  expect(findToken(book, tokens[1] ?? '')).toMatchObject({ name: 'grace' })
  for (const token of tokens) expect(JSON.stringify(book)).not.toContain(token.replace('tailgate_', ''))
  expect(new Set(tokens).size).toBe(2)
  expect(tokens[0]).toMatch(/^tailgate_[A-Za-z0-9_-]{43}$/)
})

test('what is nearly a token is none', () => {
  const { book, tokens } = withTokens('ada')
  const [token = ''] = tokens
  const digest = book.tokens[0]?.digest ?? ''
  for (const wrong of ['', ' ', token.slice(1), `${token} `, token.slice(0, -1), token.toUpperCase(), digest, 'ada']) {
    expect(findToken(book, wrong)).toBeNull()
  }
  expect(findToken(book, 'x'.repeat(1_000_000))).toBeNull()
  expect(findToken(emptyTokenBook(randomBytes), token)).toBeNull()
})

test('a revoked token is none, and the others stay', () => {
  const { book, tokens } = withTokens('ada', 'grace')
  const left = value(revokeToken(book, 'ada'))
  expect(findToken(left, tokens[0] ?? '')).toBeNull()
  expect(findToken(left, tokens[1] ?? '')).toMatchObject({ name: 'grace' })
  expect(revokeToken(left, 'ada')).toMatchObject({ ok: false, error: { code: 'not-found' } })
})

describe('names', () => {
  test.each(['', ' ', 'a b', '-x', 'x\n', 'é', '../x', 'a'.repeat(65), '\u202ex'])('%j is refused', (name) => {
    const added = addToken(emptyTokenBook(randomBytes), { name, role: 'run', createdAt }, randomBytes)
    expect(added).toMatchObject({ ok: false, error: { code: 'bad-request' } })
  })

  test.each(['a', 'ada@lab', 'ci-2.0_x', 'A'.repeat(64)])('%j is taken', (name) => {
    expect(addToken(emptyTokenBook(randomBytes), { name, role: 'watch', createdAt }, randomBytes).ok).toBe(true)
  })

  test('a second one of the same name is refused', () => {
    const { book } = withTokens('ada')
    const again = addToken(book, { name: 'ada', role: 'watch', createdAt }, randomBytes)
    expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })
})
