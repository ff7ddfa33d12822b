import { textWidth } from './format.ts'

/** A name cut to a width as Stata's tables do: `using_~t`. */
export function abbreviateName(name: string, width: number): string {
  if (textWidth(name) <= width) return name
  const units = [...name]
  return `${units.slice(0, width - 2).join('')}~${units.at(-1) ?? ''}`
}
