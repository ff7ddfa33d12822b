import { expect, test } from 'vitest'
import { addressBytes, canonicalAddress, isLoopback } from './ip-address.ts'

test.each([
  ['127.0.0.1', [127, 0, 0, 1]],
  ['::ffff:127.0.0.1', [127, 0, 0, 1]],
  ['::FFFF:7f00:1', [127, 0, 0, 1]],
  ['::', new Array(16).fill(0)],
  ['::1', [...new Array(15).fill(0), 1]],
  ['fe80::1:2%eth0', [0xfe, 0x80, ...new Array(10).fill(0), 0, 1, 0, 2]],
  ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
  ['2001:db8::', [0x20, 1, 0xd, 0xb8, ...new Array(12).fill(0)]],
  ['64:ff9b::192.0.2.33', [0, 0x64, 0xff, 0x9b, ...new Array(8).fill(0), 192, 0, 2, 33]],
])('%s is read as its bytes', (text, bytes) => {
  expect(addressBytes(text)).toEqual(bytes)
})

test.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', '127.0.0.1:80', '[::1]', ':::', '1::2::3'])(
  '%j is no address',
  (text) => {
    expect(addressBytes(text)).toBeNull()
    expect(isLoopback(text)).toBe(false)
  },
)

test('one address in two spellings is one', () => {
  expect(canonicalAddress('0:0:0:0:0:0:0:1')).toBe(canonicalAddress('::1'))
  expect(canonicalAddress('::ffff:10.0.0.1')).toBe(canonicalAddress('10.0.0.1'))
  expect(canonicalAddress('::1')).not.toBe(canonicalAddress('::2'))
})

test.each([
  ['127.0.0.1', true],
  ['127.255.0.3', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::', false],
  ['::ffff:10.0.0.1', false],
  ['::127.0.0.1', false],
  ['1::1', false],
])('%s: loopback %s', (text, expected) => {
  expect(isLoopback(text)).toBe(expected)
})
