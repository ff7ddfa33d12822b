import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'

/** The events of an SSE response until its end. */
export async function readEvents(response: Response): Promise<EventSourceMessage[]> {
  const events: EventSourceMessage[] = []
  for await (const event of eventsOf(response)) events.push(event)
  return events
}

/** The events of an SSE response as they come. */
export function eventsOf(response: Response): AsyncIterable<EventSourceMessage> {
  if (response.body === null) throw new Error('the response has no body')
  return response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
}
