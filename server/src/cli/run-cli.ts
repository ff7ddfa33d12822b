import type { Role } from '@tailgate/shared'
import { Command, CommanderError, Option } from 'commander'
import type { Configuration } from '../config.ts'
import { VERSION } from '../version.ts'
import { addSettingFlags, configurationOf } from './setting-flags.ts'
import { complain, EXIT } from './terminal.ts'

/** The `tailgate` command; resolves with its exit status. */
export async function runCli(args: readonly string[]): Promise<number> {
  let status: number = EXIT.ok
  const program = new Command('tailgate')
    .description('Runs Stata do-files and streams their log live, with true outcomes and lossless resume.')
    .version(VERSION, '-V, --version', 'tell the version')
    .helpOption('-h, --help', 'tell what there is')
    .helpCommand('help [command]', 'tell what there is about a command')
    .showHelpAfterError('Try: tailgate --help')
    .exitOverride()

  const configured = (run: (configuration: Configuration, command: Command) => Promise<number>) => {
    return async (...args: unknown[]) => {
      const command = args.at(-1)
      if (!(command instanceof Command)) throw new Error('Internal error: an action without its command')
      const configuration = configurationOf(command)
      if (configuration.ok) status = await run(configuration.value, command)
      else {
        complain(configuration.error)
        status = EXIT.usage
      }
    }
  }
  const add = (name: string, description: string, run: (config: Configuration, command: Command) => Promise<number>) =>
    addSettingFlags(program.command(name).description(description))
      .showHelpAfterError(`Try: tailgate ${name} --help`)
      .action(configured(run))

  // Loaded when they are used: help and the version need not wait for a gateway.
  add('serve', 'run the gateway until it is told to stop', async (configuration, command) => {
    const { serve } = await import('./serve.ts')
    return serve(configuration, command.opts<{ welcome?: boolean }>().welcome ?? false)
  }).option('--welcome', 'tell which engine is used and how to watch a first run')
  add('demo', 'run an example and show its log as it is written', async (configuration) => {
    const { demo } = await import('./demo.ts')
    return demo(configuration)
  })
  add('doctor', 'tell which engine would be used, why, and whether it starts', async (configuration) => {
    const { doctor } = await import('./doctor.ts')
    return doctor(configuration)
  })

  add('config', 'tell every setting and where it comes from', async (configuration) => {
    const { showConfig } = await import('./show-config.ts')
    return showConfig(configuration)
  })

  const token = program.command('token').description('make, list and revoke tokens')
  const onTokens = (usage: string, description: string) =>
    addSettingFlags(token.command(usage).description(description), ['dataDir', 'tokenFile']).showHelpAfterError(
      `Try: tailgate token ${usage.split(' ')[0]} --help`,
    )
  onTokens('add <name>', 'make a token and print its only copy')
    .addOption(
      new Option('--role <role>', 'what it allows: run everything, or watch only (default: run)').choices([
        'run',
        'watch',
      ]),
    )
    .action(
      configured(async (configuration, command) => {
        const { addToken } = await import('./tokens.ts')
        const { role } = command.opts<{ role?: Role }>()
        return addToken(configuration, command.args[0] ?? '', role ?? 'run')
      }),
    )
  onTokens('list', 'list the tokens').action(
    configured(async (configuration) => {
      const { listTokens } = await import('./tokens.ts')
      return listTokens(configuration)
    }),
  )
  onTokens('revoke <name>', 'make a token void, with the logins made with it').action(
    configured(async (configuration, command) => {
      const { revokeToken } = await import('./tokens.ts')
      return revokeToken(configuration, command.args[0] ?? '')
    }),
  )

  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Commander has printed the help, the version or the complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    throw error
  }
  return status
}
