import type { Shortcut } from '../shell/shortcuts.ts'
import type { LogCommands } from './log-commands.ts'

/** The keys of the log; the help sheet shows them. */
export function logShortcuts(commands: LogCommands): readonly Shortcut[] {
  return [
    { key: '/', what: 'Search the log', run: commands.openFind },
    { key: 'n', what: 'Next match', run: () => commands.nextMatch(1) },
    { key: 'N', what: 'Previous match', run: () => commands.nextMatch(-1) },
    { key: ':', what: 'Go to a line', run: commands.openGoTo },
    { key: 'g', what: 'First line', run: commands.toStart },
    { key: 'G', what: 'Last line, and stay there', run: commands.toEnd },
    { key: 'f', what: 'Follow the log, or stop', run: commands.toggleFollow },
    { key: 'e', what: 'Next error', run: () => commands.nextMark('error', 1) },
    { key: 'E', what: 'Previous error', run: () => commands.nextMark('error', -1) },
    { key: ']', what: 'Next command', run: () => commands.nextMark('command', 1) },
    { key: '[', what: 'Previous command', run: () => commands.nextMark('command', -1) },
    { key: 'o', what: 'Outline of commands', run: commands.toggleOutline },
    { key: 'w', what: 'Wrap long lines, or not', run: commands.toggleWrap },
    { key: 'y', what: 'Copy the lines pointed at', run: commands.copyLines },
    { key: 'Y', what: 'Copy a link to them', run: commands.copyLink },
    { key: 'Escape', what: 'Close the search, or point at nothing', run: commands.dismiss },
  ]
}
