/** The store's schema, one step after another; a step that has landed is never changed. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     intent TEXT,
     file TEXT NOT NULL,
     args TEXT NOT NULL,
     working_dir TEXT NOT NULL,
     engine TEXT NOT NULL,
     executor TEXT NOT NULL,
     started_by TEXT,
     run_key TEXT UNIQUE,
     request_digest TEXT NOT NULL,
     cancel_on_disconnect INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     timeout_ms REAL,
     queued_at INTEGER NOT NULL,
     started_at INTEGER,
     ended_at INTEGER,
     elapsed_ms REAL,
     outcome TEXT,
     progress TEXT NOT NULL,
     artifacts TEXT NOT NULL,
     generation INTEGER NOT NULL,
     log_bytes INTEGER NOT NULL,
     log_lines INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX runs_by_state ON runs (state, id);
   CREATE INDEX runs_by_file ON runs (file, state, ended_at);`,
]
