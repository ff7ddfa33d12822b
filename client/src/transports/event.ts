import { eventSchema, type TailgateEvent } from '@tailgate/shared'
import { parseAnswer } from './failure.ts'

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(eventSchema.options.map((option) => option.shape.type.value))

/**
 * An event off the wire, or null for one of a type that this client does not know: a newer gateway may add some, and
 * they are passed over as `EventSource` passes over them.
 */
export function parseEvent(value: unknown): TailgateEvent | null {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (typeof type === 'string' && !KNOWN_TYPES.has(type)) return null
  return parseAnswer(eventSchema, value, 'An event of the stream')
}
