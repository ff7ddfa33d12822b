import { Command, CommanderError } from 'commander'
import type { Configuration } from '../config.ts'
import { VERSION } from '../version.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { serve } from './serve.ts'
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

  add('serve', 'run the gateway until it is told to stop', (configuration, command) =>
    serve(configuration, command.opts<{ welcome?: boolean }>().welcome ?? false),
  ).option('--welcome', 'tell which engine is used and how to watch a first run')
  add('demo', 'run an example and show its log as it is written', demo)
  add('doctor', 'tell which engine would be used, why, and whether it starts', doctor)

  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Commander has printed the help, the version or the complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    throw error
  }
  return status
}
