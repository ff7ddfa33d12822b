import { fileKey, SETTING_SOURCES } from '../config/setting-sources.ts'
import { type SettingName, settingsSchema } from '../config/settings.ts'
import type { Configuration } from '../config.ts'
import { EXIT, print } from './terminal.ts'

/** `tailgate config`: every setting as it would be used, and where it comes from. */
export async function showConfig({ settings, origins }: Configuration): Promise<number> {
  const rows = settingsSchema.keyof().options.map((name) => {
    const { type, name: origin } = origins[name]
    const from = type === 'default' ? 'default' : origin
    return [fileKey(SETTING_SOURCES[name]), shown(name, settings[name]), from] as const
  })
  print(table([['setting', 'value', 'from'], ...rows]))
  return EXIT.ok
}

function shown(name: SettingName, value: unknown): string {
  // As it is typed: this one is set in seconds.
  if (name === 'killGraceMs' && typeof value === 'number') return String(value / 1000)
  if (value === null) return '-'
  if (!Array.isArray(value)) return String(value)
  return value.length === 0 ? '-' : value.join(', ')
}

/** Columns side by side, the last one ragged. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
