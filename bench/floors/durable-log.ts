import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

export interface LoggedEvent {
  readonly eventId: string;
  readonly json: string;
  readonly depth: number;
  readonly previous: string;
  /** A client's transaction id; absent for what others sent. */
  readonly transaction?: string | undefined;
}

interface Waiting {
  readonly event: LoggedEvent;
  readonly logged: () => void;
}

/**
 * Events in SQLite in as few steps as will do: what is handed in within one turn of the event loop is one transaction, on
 * the disk before anybody is told. All of them stay in memory, too.
 */
export class DurableLog {
  /** Those that are on the disk, oldest first. */
  readonly entries: Pick<LoggedEvent, 'eventId' | 'json'>[];
  /** How many of them were handed on; written down with the next event. */
  cursor: number;
  readonly #database: DatabaseSync;
  readonly #event: StatementSync;
  readonly #edge: StatementSync;
  readonly #transaction: StatementSync;
  readonly #cursor: StatementSync;
  readonly #find: StatementSync;
  #waiting: Waiting[] = [];

  constructor(file: string) {
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS events (pos INTEGER PRIMARY KEY, id TEXT UNIQUE, depth INTEGER, json TEXT);
      CREATE INDEX IF NOT EXISTS by_depth ON events (depth);
      CREATE TABLE IF NOT EXISTS edges (previous TEXT, pos INTEGER, PRIMARY KEY (previous, pos)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS transactions (id TEXT PRIMARY KEY, event TEXT) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS cursors (id INTEGER PRIMARY KEY, sent INTEGER)`);
    this.#database = database;
    this.#event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
    this.#edge = database.prepare('INSERT OR IGNORE INTO edges VALUES (?, ?)');
    this.#transaction = database.prepare('INSERT OR IGNORE INTO transactions VALUES (?, ?)');
    this.#cursor = database.prepare('INSERT OR REPLACE INTO cursors VALUES (1, ?)');
    this.#find = database.prepare('SELECT json FROM events WHERE id = ?');
    const stored = database.prepare('SELECT id, json FROM events ORDER BY pos').all();
    this.entries = stored.map(({ id, json }) => ({
      eventId: id as string,
      json: json as string,
    }));
    this.cursor = Number(database.prepare('SELECT sent FROM cursors').get()?.['sent'] ?? 0);
  }

  /** How many are on the disk. */
  get position(): number {
    return this.entries.length;
  }

  /** `logged` is called once it is on the disk. */
  append(event: LoggedEvent, logged: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push({ event, logged });
  }

  /** From the disk. */
  find(eventId: string): string | undefined {
    return this.#find.get(eventId)?.['json'] as string | undefined;
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    let position = this.position;
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { event } of batch) {
      position += 1;
      this.#event.run(position, event.eventId, event.depth, event.json);
      this.#edge.run(event.previous, position);
      if (event.transaction !== undefined) this.#transaction.run(event.transaction, event.eventId);
    }
    this.#cursor.run(this.cursor);
    this.#database.exec('COMMIT');
    for (const { event } of batch) this.entries.push(event);
    for (const { logged } of batch) logged();
  }
}
