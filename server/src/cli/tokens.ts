import type { Result, Role, TailgateError } from '@tailgate/shared'
import { openTokenFile, tokenPath } from '../access-control.ts'
import type { Configuration } from '../config.ts'
import { table } from './show-config.ts'
import { complain, EXIT, print } from './terminal.ts'

/** `tailgate token add|list|revoke`. A running gateway sees a change at its next request. */

export async function addToken({ settings }: Configuration, name: string, role: Role): Promise<number> {
  return told(await openTokenFile(settings).add(name, role), (token) => {
    print(token)
    // Not to stdout, so that the token alone can be piped. The file shows whose token it is, if --config was left out.
    process.stderr.write(
      `This is the only copy of the token "${name}", which may ${role}: keep it now. ${tokenPath(settings)} has its digest.\n`,
    )
  })
}

export async function listTokens({ settings }: Configuration): Promise<number> {
  return told(await openTokenFile(settings).read(), ({ tokens }) => {
    print(table([['name', 'role', 'made'], ...tokens.map(({ name, role, createdAt }) => [name, role, createdAt])]))
  })
}

export async function revokeToken({ settings }: Configuration, name: string): Promise<number> {
  return told(await openTokenFile(settings).revoke(name), () => {
    print(`The token "${name}" and the logins made with it are no longer valid.`)
  })
}

function told<T>(result: Result<T, TailgateError>, tell: (value: T) => void): number {
  if (result.ok) tell(result.value)
  else complain(result.error.message)
  return result.ok ? EXIT.ok : EXIT.failed
}
