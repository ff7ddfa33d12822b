/** The interpreter's `System` on Node. All calls block, on purpose: the interpreter is one thread that a signal can end. */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import process from 'node:process'
import type { LineFile, System } from './system.ts'

/** Atomics.wait takes no longer than this at once. */
const MAX_WAIT_MS = 2 ** 31 - 1

/** True if the action did not throw: file errors are answers here, not exceptions. */
function succeeds(action: () => void): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}

export function openLineFile(path: string, mode: 'replace' | 'append'): LineFile | undefined {
  let descriptor: number
  try {
    descriptor = openSync(path, mode === 'append' ? 'a' : 'w')
  } catch {
    return undefined
  }
  return {
    writeLine: (line) => {
      writeSync(descriptor, `${line}\n`)
    },
    close: () => closeSync(descriptor),
  }
}

export const nodeSystem: System = {
  readFile: (path) => {
    try {
      return readFileSync(path)
    } catch {
      return undefined
    }
  },
  writeFile: (path, text) => succeeds(() => writeFileSync(path, text)),
  removeFile: (path) => succeeds(() => rmSync(path)),
  exists: existsSync,
  openLineFile,
  cwd: () => process.cwd(),
  chdir: (path) => succeeds(() => process.chdir(path)),
  makeDirectory: (path) => succeeds(() => mkdirSync(path)),
  shell: (command) => {
    spawnSync('/bin/sh', ['-c', command], { stdio: 'ignore' })
  },
  sleep: (milliseconds) => {
    const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    Atomics.wait(cell, 0, 0, Math.min(milliseconds, MAX_WAIT_MS))
  },
  now: () => new Date(),
  pid: process.pid,
  temporaryDirectory: tmpdir(),
}
