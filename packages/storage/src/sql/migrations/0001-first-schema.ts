import { sql, type Kysely } from 'kysely';

/**
 * Positions are `*pos`, times `*_at` in milliseconds since the epoch. Small integers stand for rooms, events and
 * state keys; `AUTOINCREMENT` where a number must never be used again. Room ids are text where the room may not be
 * known yet. JSON that is hashed or signed is kept as canonical bytes.
 */
const statements: readonly string[] = [
  `CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL)`,
  `INSERT INTO sequence (id, n) VALUES (1, 0)`,
  `CREATE TABLE incarnations (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL)`,
  `CREATE TABLE owners (
    id INTEGER PRIMARY KEY CHECK (id = 1), server_name TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL
  )`,

  `CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id TEXT NOT NULL UNIQUE,
    version TEXT NOT NULL,
    residence TEXT NOT NULL,
    lowest_pos INTEGER NOT NULL DEFAULT 0,
    floor_depth INTEGER NOT NULL DEFAULT 0,
    floor_parent TEXT
  )`,
  `CREATE TABLE segments (
    room INTEGER NOT NULL, from_pos INTEGER NOT NULL, t INTEGER NOT NULL, PRIMARY KEY (room, from_pos)
  ) WITHOUT ROWID`,

  `CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    place TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rule TEXT,
    pos INTEGER,
    depth INTEGER NOT NULL,
    before_t INTEGER, before_p INTEGER,
    after_t INTEGER, after_p INTEGER,
    claimed INTEGER NOT NULL DEFAULT 0,
    send INTEGER NOT NULL DEFAULT 0,
    except_to TEXT,
    redacted_by INTEGER,
    replaces INTEGER,
    stored_at INTEGER NOT NULL,
    json BLOB NOT NULL,
    UNIQUE (event_id, room)
  )`,
  `CREATE INDEX events_by_pos ON events (room, pos) WHERE pos IS NOT NULL`,
  `CREATE INDEX events_to_send ON events (room, pos) WHERE send = 1`,
  `CREATE TABLE auth_edges (
    auth INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (auth, event)
  ) WITHOUT ROWID`,
  `CREATE INDEX auth_edges_of_event ON auth_edges (event, auth)`,
  // By number where the parent was stored first: a key that grows is written where the last one was.
  `CREATE TABLE prev_edges (
    prev INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (prev, event)
  ) WITHOUT ROWID`,
  `CREATE TABLE missing_prev_edges (
    room INTEGER NOT NULL, prev TEXT NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (room, prev, event)
  ) WITHOUT ROWID`,
  `CREATE TABLE extremities (
    room INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (room, event)
  ) WITHOUT ROWID`,
  `CREATE TABLE held_redactions (
    room INTEGER NOT NULL, target TEXT NOT NULL, redaction INTEGER NOT NULL,
    PRIMARY KEY (room, target, redaction)
  ) WITHOUT ROWID`,

  `CREATE TABLE state_keys (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, state_key TEXT NOT NULL, UNIQUE (type, state_key)
  )`,
  `CREATE TABLE state_timelines (
    t INTEGER PRIMARY KEY AUTOINCREMENT, room INTEGER NOT NULL, pt INTEGER, pp INTEGER, depth INTEGER NOT NULL
  )`,
  `CREATE INDEX state_timelines_by_parent ON state_timelines (pt, pp)`,
  // An ev of 0: the key left the state; a prev of 0: it was not in it.
  `CREATE TABLE state_log (
    t INTEGER NOT NULL, p INTEGER NOT NULL, key INTEGER NOT NULL, ev INTEGER NOT NULL,
    prev INTEGER NOT NULL, pos INTEGER,
    PRIMARY KEY (t, p)
  ) WITHOUT ROWID`,
  `CREATE INDEX state_log_key ON state_log (t, key, p, ev)`,
  `CREATE INDEX state_log_pos ON state_log (t, pos) WHERE pos IS NOT NULL`,

  `CREATE TABLE members (
    room INTEGER NOT NULL, user_id TEXT NOT NULL, server TEXT NOT NULL, local INTEGER NOT NULL,
    membership TEXT NOT NULL, sender TEXT NOT NULL, event INTEGER NOT NULL, pos INTEGER NOT NULL,
    PRIMARY KEY (room, user_id)
  ) WITHOUT ROWID`,
  `CREATE INDEX members_of_ours ON members (user_id) WHERE local = 1`,
  `CREATE TABLE room_servers (
    room INTEGER NOT NULL, server TEXT NOT NULL, from_pos INTEGER NOT NULL, to_pos INTEGER,
    PRIMARY KEY (room, server, from_pos)
  ) WITHOUT ROWID`,
  `CREATE INDEX room_servers_by_server ON room_servers (server)`,

  `CREATE TABLE oob_memberships (
    user_id TEXT NOT NULL, room_id TEXT NOT NULL, membership TEXT NOT NULL, event_id TEXT NOT NULL,
    sender TEXT NOT NULL, version TEXT NOT NULL, event BLOB NOT NULL, stripped_state BLOB NOT NULL,
    via TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (user_id, room_id)
  )`,
  `CREATE INDEX oob_memberships_by_room ON oob_memberships (room_id)`,
  `CREATE TABLE pending_joins (
    room_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, version TEXT NOT NULL, event BLOB NOT NULL,
    resident TEXT NOT NULL, via TEXT NOT NULL, content BLOB NOT NULL, started_at INTEGER NOT NULL
  )`,

  `CREATE TABLE stage (
    n INTEGER PRIMARY KEY AUTOINCREMENT, room_id TEXT NOT NULL, event_id TEXT NOT NULL, json BLOB NOT NULL,
    origin TEXT NOT NULL, arrived_at INTEGER NOT NULL, retry_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    UNIQUE (room_id, event_id)
  )`,
  `CREATE INDEX stage_by_origin ON stage (room_id, origin)`,
  `CREATE TABLE stage_origins (
    room_id TEXT NOT NULL, event_id TEXT NOT NULL, origin TEXT NOT NULL, arrived_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, event_id, origin)
  ) WITHOUT ROWID`,
  `CREATE INDEX stage_origins_by_origin ON stage_origins (origin)`,

  `CREATE TABLE client_transactions (
    user_id TEXT NOT NULL, device_id TEXT NOT NULL, key TEXT NOT NULL, room INTEGER NOT NULL,
    event INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user_id, device_id, key)
  ) WITHOUT ROWID`,
  `CREATE INDEX client_transactions_by_event ON client_transactions (event)`,

  `CREATE TABLE destinations (
    server TEXT PRIMARY KEY, cursor INTEGER NOT NULL, attempt_id TEXT, attempt_up_to INTEGER,
    failures INTEGER NOT NULL, retry_at INTEGER
  )`,
  `CREATE TABLE outbox_extras (
    server TEXT NOT NULL, pos INTEGER NOT NULL, room INTEGER NOT NULL, PRIMARY KEY (server, pos)
  ) WITHOUT ROWID`,
  `CREATE TABLE delivery_refusals (
    server TEXT NOT NULL, pos INTEGER NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (server, pos)
  ) WITHOUT ROWID`,

  `CREATE TABLE accounts (
    user_id TEXT PRIMARY KEY, password_hash TEXT, admin INTEGER NOT NULL, created_at INTEGER NOT NULL,
    deactivated_at INTEGER
  )`,
  `CREATE TABLE profiles (user_id TEXT PRIMARY KEY, display_name TEXT, avatar_url TEXT)`,
  `CREATE TABLE devices (
    user_id TEXT NOT NULL, device_id TEXT NOT NULL, display_name TEXT, created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, device_id)
  )`,
  `CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY, user_id TEXT NOT NULL, device_id TEXT NOT NULL, created_at INTEGER NOT NULL
  )`,
  `CREATE INDEX sessions_by_device ON sessions (user_id, device_id)`,
  `CREATE TABLE filters (
    user_id TEXT NOT NULL, filter_id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (user_id, filter_id)
  )`,

  `CREATE TABLE aliases (alias TEXT PRIMARY KEY, room_id TEXT NOT NULL, creator TEXT NOT NULL)`,
  `CREATE INDEX aliases_by_room ON aliases (room_id)`,
  `CREATE TABLE published_rooms (room_id TEXT PRIMARY KEY)`,

  `CREATE TABLE remote_keys (
    server TEXT NOT NULL, key_id TEXT NOT NULL, public_key TEXT NOT NULL, valid_until_ts INTEGER NOT NULL,
    expired_ts INTEGER, fetched_at INTEGER NOT NULL, PRIMARY KEY (server, key_id)
  )`,
  `CREATE TABLE key_failures (server TEXT PRIMARY KEY, failures INTEGER NOT NULL, retry_at INTEGER NOT NULL)`,
  `CREATE INDEX key_failures_by_retry ON key_failures (retry_at)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
