-- The whole of Quoth's memory. Forward only: this file never changes once released; what is to be otherwise comes as a
-- new, later file. Times are milliseconds since 1970. Foreign keys are on in every connection (the store asserts it).
--
-- What differs from section 7 of the behaviours, and why:
--  * A text stands once. Raw, corrected and edited texts are all rows of `messages`: a version is a message with the run
--    (`pipeline_seq`) that made it, and `chosen` marks the one that counts for its turn, at most one (a unique index says
--    so). `corrections` point at their input and output instead of holding copies.
--  * `state` and `reason` hold where a session stands and how it ended, in the words of `quoth_session::state`; the
--    column `delivered` said a part of that a second time and is gone. How a turn's words went out stands at the turn.
--  * `turns.injected_at` is the point of no return, `turns.delivered_at` what was reported afterwards: between the two the
--    app may die, and words that may have gone out must not go out again.
--  * `owner_source`, `requested_owner` stand at sessions as well as projects, and `requested_project`, `requested_style`
--    beside them: what was asked for is kept wherever something else was taken.
--  * One index instead of two for search. A trigram index finds nothing for fewer than three characters, and most Chinese
--    words have two. So texts of scripts without spaces are indexed character by character (`messages.indexed`, the text
--    with zero width spaces in it), and a Chinese word is a phrase: any length is found, also beside words of other
--    scripts, and all texts in other scripts pay nothing for it.
--  * Segments belong to a run (`pipeline_seq`), so that doing it again adds and overwrites nothing.
--  * Queued turns hold `delivered_at`, which the queue needs for its promise that words go out once.
--  * The trash is a time stamp at session and project (`trashed_at`); page indexes leave trashed sessions out.

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL, -- never a secret: keys live in the system's keychain
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE owners (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE projects (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  owner_id INTEGER NOT NULL REFERENCES owners (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  owner_source TEXT NOT NULL DEFAULT 'direct' CHECK (owner_source IN ('direct', 'fallback_user', 'first_active')),
  requested_owner TEXT,
  name TEXT NOT NULL,
  default_style_id INTEGER REFERENCES styles (id) ON DELETE SET NULL,
  app_rules TEXT,
  trashed_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX projects_of_owner ON projects (owner_id);

CREATE TABLE engines (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('local', 'sidecar', 'remote')),
  display_name TEXT NOT NULL
) STRICT;
INSERT INTO engines (id, kind, display_name) VALUES ('whisper-local', 'local', 'Whisper');

CREATE TABLE styles (
  id INTEGER PRIMARY KEY,
  project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  shortcut INTEGER CHECK (shortcut BETWEEN 1 AND 9),
  mode TEXT NOT NULL DEFAULT 'corrected' CHECK (mode IN ('direct', 'corrected')),
  engine_id TEXT REFERENCES engines (id) ON DELETE SET NULL,
  language TEXT,
  system_prompt TEXT,
  vocabulary TEXT
) STRICT;
CREATE INDEX styles_of_project ON styles (project_id);

CREATE TABLE dictionary (
  pk INTEGER PRIMARY KEY,
  owner_id INTEGER NOT NULL REFERENCES owners (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  project_id TEXT REFERENCES projects (id) ON DELETE CASCADE, -- none: everywhere
  heard TEXT NOT NULL CHECK (trim(heard) <> ''),
  written TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX dictionary_entry ON dictionary (owner_id, ifnull(project_id, ''), heard);
CREATE INDEX dictionary_of_project ON dictionary (project_id);

CREATE TABLE sessions (
  pk INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL CHECK (session_id <> '' AND session_id NOT LIKE 'new-session-%' AND session_id NOT LIKE 'temp-%'),
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  engine_id TEXT NOT NULL REFERENCES engines (id) ON DELETE RESTRICT,
  owner_id INTEGER NOT NULL REFERENCES owners (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  style_id INTEGER REFERENCES styles (id) ON DELETE SET NULL,
  owner_source TEXT NOT NULL DEFAULT 'direct' CHECK (owner_source IN ('direct', 'fallback_user', 'first_active')),
  requested_owner TEXT,
  requested_project TEXT,
  requested_style INTEGER,
  boot_id TEXT NOT NULL,
  token INTEGER NOT NULL CHECK (token > 0),
  trigger TEXT NOT NULL CHECK (trigger IN ('hold', 'toggle', 'tray', 'gui', 'cli')),
  mode TEXT NOT NULL CHECK (mode IN ('direct', 'corrected')),
  target TEXT NOT NULL DEFAULT 'unknown' CHECK (target IN ('bound', 'unknown', 'unbound')),
  target_app TEXT,
  target_pid INTEGER,
  target_window INTEGER,
  state TEXT NOT NULL CHECK (state IN ('starting', 'recording', 'tail', 'recognising', 'correcting', 'queued', 'waiting',
    'delivering', 'delivered', 'no_speech', 'failed', 'cancelled', 'superseded', 'expired')),
  reason TEXT,
  title TEXT,
  llm_applied INTEGER NOT NULL DEFAULT 0 CHECK (llm_applied IN (0, 1)),
  audio_ms INTEGER NOT NULL DEFAULT 0 CHECK (audio_ms >= 0),
  started_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  ended_at INTEGER,
  trashed_at INTEGER,
  UNIQUE (project_id, engine_id, session_id),
  UNIQUE (boot_id, token)
) STRICT;
CREATE INDEX sessions_recent ON sessions (owner_id, started_at DESC, pk DESC) WHERE trashed_at IS NULL;
CREATE INDEX sessions_of_project ON sessions (project_id, started_at DESC, pk DESC) WHERE trashed_at IS NULL;
CREATE INDEX sessions_of_app ON sessions (owner_id, target_app, started_at DESC, pk DESC) WHERE trashed_at IS NULL;
CREATE INDEX sessions_by_id ON sessions (session_id);
CREATE INDEX sessions_in_trash ON sessions (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX sessions_going_on ON sessions (boot_id) WHERE ended_at IS NULL;

CREATE TABLE turns (
  pk INTEGER PRIMARY KEY,
  session_pk INTEGER NOT NULL REFERENCES sessions (pk) ON DELETE CASCADE,
  turn_seq INTEGER NOT NULL CHECK (turn_seq > 0),
  pipeline_seq INTEGER NOT NULL DEFAULT 1 CHECK (pipeline_seq > 0), -- the latest run
  audio_ms INTEGER NOT NULL DEFAULT 0 CHECK (audio_ms >= 0),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  injected_at INTEGER,
  delivered_at INTEGER,
  delivered TEXT CHECK (delivered IN ('pasted', 'typed', 'copied', 'history_only')),
  UNIQUE (session_pk, turn_seq)
) STRICT;

CREATE TABLE messages (
  pk INTEGER PRIMARY KEY,
  session_pk INTEGER NOT NULL REFERENCES sessions (pk) ON DELETE CASCADE,
  turn_pk INTEGER REFERENCES turns (pk) ON DELETE CASCADE,
  pipeline_seq INTEGER,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  kind TEXT NOT NULL CHECK (kind IN ('raw', 'corrected', 'template', 'edited', 'remark')),
  chosen INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
  pos REAL NOT NULL, -- quoth_session::history gives it; a reload has the order that memory had
  text TEXT NOT NULL,
  words INTEGER NOT NULL DEFAULT 0 CHECK (words >= 0), -- counted once, when it is written
  indexed TEXT, -- what the search index reads instead of `text`, where that has no spaces between words
  created_at INTEGER NOT NULL,
  UNIQUE (session_pk, pos)
) STRICT;
CREATE INDEX messages_of_turn ON messages (turn_pk);
CREATE UNIQUE INDEX messages_chosen ON messages (turn_pk) WHERE chosen = 1;

CREATE TABLE corrections (
  pk INTEGER PRIMARY KEY,
  turn_pk INTEGER NOT NULL REFERENCES turns (pk) ON DELETE CASCADE,
  pipeline_seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('llm', 'template', 'user_edit')),
  model TEXT,
  input INTEGER REFERENCES messages (pk) ON DELETE SET NULL,
  output INTEGER REFERENCES messages (pk) ON DELETE SET NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'late', 'left_out')),
  reason TEXT, -- why it was left out
  rating TEXT CHECK (rating IN ('up', 'down')),
  latency_ms INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX corrections_of_turn ON corrections (turn_pk);
CREATE INDEX corrections_input ON corrections (input);
CREATE INDEX corrections_output ON corrections (output);

CREATE TABLE segments (
  pk INTEGER PRIMARY KEY,
  turn_pk INTEGER NOT NULL REFERENCES turns (pk) ON DELETE CASCADE,
  pipeline_seq INTEGER NOT NULL DEFAULT 1,
  idx INTEGER NOT NULL CHECK (idx >= 0),
  t0_ms INTEGER NOT NULL CHECK (t0_ms >= 0),
  t1_ms INTEGER NOT NULL CHECK (t1_ms >= t0_ms),
  text TEXT NOT NULL,
  confidence REAL,
  UNIQUE (turn_pk, pipeline_seq, idx)
) STRICT;

CREATE TABLE recordings (
  id TEXT PRIMARY KEY,
  turn_pk INTEGER NOT NULL REFERENCES turns (pk) ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE,
  sample_rate INTEGER NOT NULL CHECK (sample_rate > 0),
  ms INTEGER NOT NULL DEFAULT 0 CHECK (ms >= 0),
  status TEXT NOT NULL DEFAULT 'partial' CHECK (status IN ('ok', 'partial', 'missing')),
  kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1)), -- retention leaves it alone
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recordings_of_turn ON recordings (turn_pk);

CREATE TABLE queued_turns (
  id TEXT PRIMARY KEY,
  session_pk INTEGER NOT NULL REFERENCES sessions (pk) ON DELETE CASCADE,
  recording_id TEXT REFERENCES recordings (id) ON DELETE CASCADE,
  text TEXT,
  job TEXT NOT NULL DEFAULT 'transcribe' CHECK (job IN ('transcribe', 'correct', 'template')),
  kind TEXT NOT NULL CHECK (kind IN ('normal', 'steer')),
  status TEXT NOT NULL CHECK (status IN ('queued', 'paused')),
  pos INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  dispatched_at INTEGER,
  delivered_at INTEGER,
  CHECK (recording_id IS NOT NULL OR trim(ifnull(text, '')) <> '')
) STRICT;
CREATE INDEX queued_turns_line ON queued_turns (session_pk, pos);
CREATE INDEX queued_turns_recording ON queued_turns (recording_id);

-- Where the time went: each stage with the milliseconds since its session began.
CREATE TABLE timeline (
  pk INTEGER PRIMARY KEY,
  session_pk INTEGER NOT NULL REFERENCES sessions (pk) ON DELETE CASCADE,
  turn_pk INTEGER REFERENCES turns (pk) ON DELETE CASCADE,
  stage TEXT NOT NULL,
  ms INTEGER NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX timeline_of_session ON timeline (session_pk);
CREATE INDEX timeline_of_turn ON timeline (turn_pk);

CREATE VIEW searchable AS SELECT pk, ifnull(indexed, text) AS text FROM messages;
CREATE VIRTUAL TABLE search USING fts5 (
  text, content = 'searchable', content_rowid = 'pk', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE TRIGGER search_added AFTER INSERT ON messages BEGIN
  INSERT INTO search (rowid, text) VALUES (new.pk, ifnull(new.indexed, new.text));
END;
CREATE TRIGGER search_removed AFTER DELETE ON messages BEGIN
  INSERT INTO search (search, rowid, text) VALUES ('delete', old.pk, ifnull(old.indexed, old.text));
END;
CREATE TRIGGER search_changed AFTER UPDATE OF text, indexed ON messages BEGIN
  INSERT INTO search (search, rowid, text) VALUES ('delete', old.pk, ifnull(old.indexed, old.text));
  INSERT INTO search (rowid, text) VALUES (new.pk, ifnull(new.indexed, new.text));
END;
