import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { endedSessionCookie, findSession, SESSION_TTL_MS, sessionCookie } from './sessions.ts'
import { addToken, emptyTokenBook, type TokenBook, type TokenRecord } from './tokens.ts'

const now = 1_800_000_000_000

function bookWith(name: string): { book: TokenBook; token: TokenRecord } {
  const added = addToken(emptyTokenBook(randomBytes), { name, role: 'watch', createdAt: '' }, randomBytes)
  if (!added.ok) throw added.error
  const [token] = added.value.book.tokens
  if (token === undefined) throw new Error('no token')
  return { book: added.value.book, token }
}

const { book, token } = bookWith('ada')
const setCookie = sessionCookie(book, token, { now, secure: false, randomBytes })
const pair = setCookie.split(';', 1)[0] ?? ''

test('a session is found among other cookies, and is its token’s', () => {
  expect(findSession(book, pair, now)).toEqual(token)
  expect(findSession(book, `theme=dark; ${pair};x`, now + SESSION_TTL_MS - 1)).toEqual(token)
  expect(findSession(book, '', now)).toBeNull()
})

test('a script cannot read the cookie, and another site cannot send it', () => {
  expect(setCookie).toMatch(/^tailgate_[0-9a-f]{8}=[^;]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/)
})

test('over https it is bound to https and to the host', () => {
  const secure = sessionCookie(book, token, { now, secure: true, randomBytes })
  expect(secure).toMatch(/^__Host-tailgate_[0-9a-f]{8}=.*; Path=\/; .*; Secure$/)
  expect(findSession(book, secure.split(';', 1)[0] ?? '', now)).toEqual(token)
})

test('a session ends in time, with its token, and with another session key', () => {
  expect(findSession(book, pair, now + SESSION_TTL_MS)).toBeNull()
  expect(findSession({ ...book, tokens: [] }, pair, now)).toBeNull()
  expect(findSession({ ...bookWith('ada').book, tokens: book.tokens }, pair, now)).toBeNull()
  expect(endedSessionCookie(book, false)).toMatch(/^tailgate_[0-9a-f]{8}=; Path=\/; Max-Age=0;/)
})

test('a token revoked and made again under its name does not revive a session', () => {
  const again = bookWith('ada')
  expect(findSession({ ...again.book, sessionKey: book.sessionKey }, pair, now)).toBeNull()
})

test('no character of the cookie can be changed', () => {
  const start = pair.indexOf('=') + 1
  for (let at = start; at < pair.length; at += 1) {
    const changed = `${pair.slice(0, at)}${pair[at] === 'A' ? 'B' : 'A'}${pair.slice(at + 1)}`
    expect(findSession(book, changed, now)).toBeNull()
    expect(findSession(book, pair.slice(0, at), now)).toBeNull()
  }
})

test('a planted cookie of the same name does not hide ours', () => {
  const planted = `${pair.split('=', 1)[0]}=planted`
  expect(findSession(book, `${planted}; ${pair}`, now)).toEqual(token)
})
