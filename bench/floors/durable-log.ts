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
 * Events in SQLite as few steps as will do: what is handed in within one turn of the event loop is one transaction, on
 * the disk before anybody is told.
 */
export class DurableLog {
  readonly #database: DatabaseSync;
  readonly #event: StatementSync;
  readonly #edge: StatementSync;
  readonly #transaction: StatementSync;
  readonly #find: StatementSync;
  readonly #after: StatementSync;
  #waiting: Waiting[] = [];
  #position: number;

  constructor(file: string) {
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS events (pos INTEGER PRIMARY KEY, id TEXT UNIQUE, depth INTEGER, json TEXT);
      CREATE INDEX IF NOT EXISTS by_depth ON events (depth);
      CREATE TABLE IF NOT EXISTS edges (previous TEXT, pos INTEGER, PRIMARY KEY (previous, pos)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS transactions (id TEXT PRIMARY KEY, event TEXT) WITHOUT ROWID`);
    this.#database = database;
    this.#event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
    this.#edge = database.prepare('INSERT INTO edges VALUES (?, ?)');
    this.#transaction = database.prepare('INSERT OR IGNORE INTO transactions VALUES (?, ?)');
    this.#find = database.prepare('SELECT json FROM events WHERE id = ?');
    this.#after = database.prepare('SELECT json FROM events WHERE pos > ? ORDER BY pos LIMIT ?');
    const last = database.prepare('SELECT max(pos) AS last FROM events').get();
    this.#position = Number(last?.['last'] ?? 0);
  }

  /** Of the last event that is on the disk. */
  get position(): number {
    return this.#position;
  }

  /** `logged` is called once it is on the disk. */
  append(event: LoggedEvent, logged: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push({ event, logged });
  }

  find(eventId: string): string | undefined {
    return this.#find.get(eventId)?.['json'] as string | undefined;
  }

  /** Oldest first. */
  after(position: number, limit: number): readonly string[] {
    return this.#after.all(position, limit).map((row) => row['json'] as string);
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { event } of batch) {
      this.#position += 1;
      this.#event.run(this.#position, event.eventId, event.depth, event.json);
      this.#edge.run(event.previous, this.#position);
      if (event.transaction !== undefined) this.#transaction.run(event.transaction, event.eventId);
    }
    this.#database.exec('COMMIT');
    for (const { logged } of batch) logged();
  }
}
