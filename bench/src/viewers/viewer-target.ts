/** What a viewer connects to, and how its lines come. */
export type ViewerTarget = {
  readonly kind: StreamKind
  readonly port: number
  /** Address on that port. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

export type StreamKind =
  /** Server-Sent Events: lines as text; lines in JSON events; a JSON text per line. */
  | 'sse-text'
  | 'sse-json'
  | 'sse-line'
  /** A WebSocket message per line; the same in socket.io's words. */
  | 'websocket'
  | 'socket.io'

/** What viewers do with what they are sent. */
export type Keeping =
  /** Keep it all, to be compared with the log later. */
  | 'all'
  /** Count the lines. Only of `sse-text`. */
  | 'count'
  /** Note how old each line is that tells when it was written. */
  | 'age'
  /** Only count the bytes. */
  | 'nothing'
