#!/usr/bin/env -S node --max-semi-space-size=4
import { lstatSync, mkdirSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

// The `tailgate` command, with the compiled code kept between starts, which halves the time until a gateway is ready.
// JavaScript, since Node.js would have to load its TypeScript compiler for this one file.
//
// The option of the first line is also wherever else a gateway is started: V8 takes it only at the start of a process.
// Left to itself, that of Node.js 24 lets its young generation grow to 128 MiB, and a gateway keeps tens of megabytes of
// what was made for viewers while they connected and for lines on their way; with 2 MiB or less, what would soon be gone is
// taken for what stays, which costs more memory still.
//
// What is kept is code that will be executed, so it lies where only this user can write. Without such a place there is
// no cache, and nothing is said: a start takes longer.

// What is imported by name here must be there in old versions of Node.js too, for them to come as far as the message.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `tailgate: This is Node.js ${process.versions.node}, and Tailgate needs 24 or newer. The one that it was installed ` +
      "with is node_modules/node/bin/node in Tailgate's directory.\n",
  )
  process.exit(1)
}

try {
  // Else Node.js has enabled the one that the user chose.
  if (process.env.NODE_COMPILE_CACHE === undefined) enableOwnCache()
} catch {
  // No home, a read-only disk.
}
await import('../src/main.ts')

function enableOwnCache() {
  const directory = join(cacheHome(), 'tailgate', 'compiled')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (isOurs(directory) && isOurs(dirname(directory))) module.enableCompileCache(directory)
}

/** In the XDG base directory for caches; the specification has relative values ignored. */
function cacheHome() {
  const base = process.env.XDG_CACHE_HOME
  return base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache')
}

/** @param {string} directory */
function isOurs(directory) {
  const { uid, mode } = lstatSync(directory)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}
