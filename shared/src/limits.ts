/**
 * The named bounds and periods that both ends of the wire must agree on.
 * Units are in the names: bytes, milliseconds, or a count.
 */

/** Ticks lie on this grid of the run's own clock: 2.0 s, 4.0 s, … after its start. */
export const TICK_INTERVAL_MS = 2_000

/** An unfinished last line is told as `partial` once it has stood still for this long. */
export const PARTIAL_AFTER_MS = 250

/** A stream that has been silent for this long gets a comment (SSE) or a ping (tRPC). */
export const HEARTBEAT_MS = 15_000

/** A client takes a stream for dead after this long without an event, a tick or a comment: 2.5 heartbeats. */
export const STALL_AFTER_MS = 2.5 * HEARTBEAT_MS

/** A viewer whose socket takes nothing for this long is dropped; it may come back with its cursor. */
export const STALLED_VIEWER_MS = 30_000

/** The delay that the SSE `retry:` field asks of a reconnecting `EventSource`. */
export const RECONNECT_DELAY_MS = 2_000

/** A `lines` event carries at most this many bytes of log, except when one line alone is longer. */
export const MAX_EVENT_BYTES = 64 * 1024

/**
 * A log line longer than this is cut here; each piece then counts as a line and all but the last are marked `cut`.
 * The bytes are not changed: the raw log has the line whole.
 */
export const MAX_LINE_BYTES = 1024 * 1024

/** The most lines that `GET /runs/:id/lines` returns at once. */
export const MAX_PAGE_LINES = 2_000

/** The most commands or errors that `GET /runs/:id/marks` returns at once. */
export const MAX_PAGE_MARKS = 1_000

/** The most lines that a stream may be asked to begin before the log's end. */
export const MAX_TAIL_LINES = 1_000_000

/** The most entries of a directory that `GET /files` returns. */
export const MAX_DIRECTORY_ENTRIES = 2_000

/** Of a do-file, as much is shown. */
export const MAX_SOURCE_BYTES = 1024 * 1024

/** The most points in time that `GET /runs/:id/rate` returns. */
export const MAX_RATE_SAMPLES = 512

/** The most runs that `GET /runs` returns at once. */
export const MAX_PAGE_RUNS = 500

/** The most matches that `GET /runs/:id/search` returns at once. */
export const MAX_SEARCH_MATCHES = 1_000

/** The longest search text, in characters. */
export const MAX_SEARCH_LENGTH = 1_000

/** The most arguments a do-file may be given. */
export const MAX_ARGS = 100

/** The longest single argument, in characters. */
export const MAX_ARG_LENGTH = 8_192

/** The longest file path, in characters (PATH_MAX on Linux). */
export const MAX_PATH_LENGTH = 4_096

/** The longest run key, in characters. */
export const MAX_RUN_KEY_LENGTH = 200

/** The longest run time that may be asked for: 366 days. */
export const MAX_TIMEOUT_MS = 366 * 24 * 60 * 60 * 1_000

/** The longest token or one-time code, in characters; the gateway's own are about 50. */
export const MAX_CREDENTIAL_LENGTH = 200
