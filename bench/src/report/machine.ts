import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'

/** Where it was measured, and with what. */
export function describeMachine(): string[] {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const versions = [
    `Node.js ${process.version.slice(1)}`,
    version('websocketd', ['dpkg-query', '--show', 'websocketd']),
    'frontail 4.9.2',
    'npm tail 2.2.6',
    version('GNU tail', ['tail', '--version']),
    version('grep', ['grep', '--version']),
    version('curl', ['curl', '--version']),
  ]
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memory} GB, Linux ${release()}`,
    versions.join(', '),
  ]
}

/** The first number with a point in the first line that a program prints of itself. */
function version(name: string, [program, ...args]: readonly [string, ...string[]]): string {
  try {
    const told = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return `${name} ${/\d+(?:\.\d+)+/.exec(told)?.[0] ?? '(unknown version)'}`
  } catch {
    return `no ${name}`
  }
}
