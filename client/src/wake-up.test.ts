import { afterEach, expect, test, vi } from 'vitest'
import { onBrowserWakeUp } from './wake-up.ts'

afterEach(() => vi.unstubAllGlobals())

test('outside a browser it never calls back', () => {
  expect(() => onBrowserWakeUp(() => undefined)()).not.toThrow()
})

test('in a browser it calls back when the network or the user returns, until it is stopped', () => {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', document)
  let calls = 0
  const stop = onBrowserWakeUp(() => calls++)
  window.dispatchEvent(new Event('online'))
  expect(calls).toBe(1)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(calls).toBe(1)
  document.visibilityState = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(calls).toBe(2)
  stop()
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('visibilitychange'))
  expect(calls).toBe(2)
})
