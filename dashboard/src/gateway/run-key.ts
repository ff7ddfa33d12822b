/**
 * A key for one start: asking twice, by a double click or after a lost answer, starts one run. Not `randomUUID`, which
 * browsers have only on HTTPS and on this machine.
 */
export function newRunKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `dashboard-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
