import { formatCursor } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'
import { sseBlock } from './sse-block.ts'

/** `format=json`: the event's type names the SSE event, its JSON on one line is the data. */
export function encodeJson({ cursor, event }: Delivery): string {
  return sseBlock({ event: event.type, id: formatCursor(cursor), data: [JSON.stringify(event)] })
}
