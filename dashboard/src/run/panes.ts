/** The parts of a run's page; the address names the one that is shown. */
export const PANES = ['log', 'do-file', 'files', 'plots', 'details'] as const
export type Pane = (typeof PANES)[number]

/** The part that an address names, or null when it names none. */
export function parsePane(text: string | null): Pane | null {
  return PANES.find((pane) => pane === text) ?? null
}
