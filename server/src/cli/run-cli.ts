import { Command, CommanderError } from 'commander'
import type { Configuration } from '../config.ts'
import { VERSION } from '../version.ts'
import { addSettingFlags, configurationOf } from './setting-flags.ts'
import { complain, EXIT } from './terminal.ts'

/** The `tailgate` command; resolves with its exit status. */
export async function runCli(args: readonly string[]): Promise<number> {
  let status: number = EXIT.ok
  const program = new Command('tailgate')
    .description('Runs Stata do-files and streams their log live, with true outcomes and lossless resume.')
    .version(VERSION, '--version', 'tell the version')
    .helpOption('--help', 'tell what there is')
    .showHelpAfterError('Try: tailgate --help')
    .exitOverride()

  const add = (name: string, description: string, run: (config: Configuration, command: Command) => Promise<number>) =>
    addSettingFlags(program.command(name).description(description)).action(async (_options, command: Command) => {
      const configuration = configurationOf(command)
      if (configuration.ok) status = await run(configuration.value, command)
      else {
        complain(configuration.error)
        status = EXIT.usage
      }
    })

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

  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Commander has printed the help, the version or the complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    throw error
  }
  return status
}
