import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditFiles, type AuditLog, auditFiles, createAuditLog, MAX_WAITING_AUDIT_ENTRIES } from './audit-log.ts'

let directory: string
let path: string
let problems: (string | null)[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailgate-audit-'))
  path = join(directory, 'audit.log')
  problems = []
})
afterEach(() => rmSync(directory, { recursive: true }))

function auditLog(files: AuditFiles = auditFiles, maxBytes?: number): AuditLog {
  const onProblem = (problem: string | null) => problems.push(problem)
  return createAuditLog({ path, files, now: () => 0, onProblem, ...(maxBytes === undefined ? {} : { maxBytes }) })
}

function entries(file = path): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

test('entries are kept in order, one JSON object a line, for the owner only', async () => {
  const log = auditLog()
  log.record({ action: 'start', by: 'ada', runId: 'r1', file: '/p/main.do' })
  log.record({ action: 'cancel', by: null, runId: 'r1' })
  await log.flush()
  log.record({ action: 'delete', by: 'ada', runId: 'r1' })
  await log.flush()
  expect(entries()).toEqual([
    { at: '1970-01-01T00:00:00.000Z', action: 'start', by: 'ada', runId: 'r1', file: '/p/main.do' },
    { at: '1970-01-01T00:00:00.000Z', action: 'cancel', by: null, runId: 'r1' },
    { at: '1970-01-01T00:00:00.000Z', action: 'delete', by: 'ada', runId: 'r1' },
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file name can neither forge an entry nor steer a terminal nor fill the disk', async () => {
  const log = auditLog()
  const evil = '/p/x\n{"action":"delete","by":"ada"}\r\u001b[2J\u009b1A\u2028\u202e".do'
  log.record({ action: 'start', by: 'mallory', runId: 'r1', file: evil })
  log.record({ action: 'start', by: 'mallory', runId: 'r2', file: 'y'.repeat(1_000_000) })
  await log.flush()
  expect(entries()[0]).toMatchObject({ by: 'mallory', file: evil })
  expect(readFileSync(path, 'utf8').replaceAll('\n', '')).toMatch(/^[ -~…]+$/)
  expect(statSync(path).size).toBeLessThan(10_000)
})

test('a full file is set aside, and only so many are kept', async () => {
  const log = auditLog(auditFiles, 100)
  for (let number = 0; number < 30; number += 1) {
    log.record({ action: 'cancel', by: 'x'.repeat(100), runId: `r${number}` })
    await log.flush()
  }
  expect(entries()).toMatchObject([{ runId: 'r29' }])
  expect(entries(`${path}.1`)).toMatchObject([{ runId: 'r28' }])
  expect(entries(`${path}.9`)).toMatchObject([{ runId: 'r20' }])
  expect(existsSync(`${path}.10`)).toBe(false)
})

describe('when it cannot be written', () => {
  test('nobody waits, the admin is told once, and the gap is written down', async () => {
    let full = true
    const log = auditLog({
      ...auditFiles,
      append: (to, text) =>
        full ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) : auditFiles.append(to, text),
    })
    for (const runId of ['r1', 'r2', 'r3']) {
      log.record({ action: 'cancel', by: 'ada', runId })
      await log.flush()
    }
    expect(problems).toEqual([`The audit log ${path} cannot be written (ENOSPC).`])
    full = false
    log.record({ action: 'cancel', by: 'ada', runId: 'r4' })
    await log.flush()
    expect(entries()).toMatchObject([{ action: 'gap', entries: 3 }, { runId: 'r4' }])
    expect(problems.at(-1)).toBeNull()
  })

  test('a disk that hangs holds no more than so many entries', async () => {
    const hanging = Promise.withResolvers<void>()
    let waits = true
    const log = auditLog({
      ...auditFiles,
      append: async (to, text) => {
        if (waits) await hanging.promise
        return auditFiles.append(to, text)
      },
    })
    log.record({ action: 'cancel', by: 'ada', runId: 'first' })
    await Promise.resolve()
    for (let number = 0; number < MAX_WAITING_AUDIT_ENTRIES + 50; number += 1) {
      log.record({ action: 'cancel', by: 'ada', runId: `r${number}` })
    }
    waits = false
    hanging.resolve()
    await log.flush()
    const written = entries()
    const gap = written.find(({ action }) => action === 'gap')
    expect(written.filter(({ action }) => action === 'cancel').length + Number(gap?.entries)).toBe(
      MAX_WAITING_AUDIT_ENTRIES + 51,
    )
    expect(gap?.entries).toBeGreaterThanOrEqual(50)
  })

  test('a symlink planted in its place is not followed', async () => {
    symlinkSync(join(directory, 'elsewhere'), path)
    const log = auditLog()
    log.record({ action: 'cancel', by: 'ada', runId: 'r1' })
    await log.flush()
    expect(existsSync(join(directory, 'elsewhere'))).toBe(false)
    expect(problems[0]).toMatch(/ELOOP/)
  })
})
