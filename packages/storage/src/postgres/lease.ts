import { randomBytes } from 'node:crypto';
import type { ClientConfig } from 'pg';
import { integer, type Row } from '../sql/rows.ts';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';
import { Connection } from './connection.ts';
import { OutageError } from './outage.ts';
import { requireDurable } from './require-durable.ts';
import type { SqlTexts } from './sql-text.ts';

/** Number of the lock that the process holds which writes to this database: "hansa" in ASCII. */
const LOCK = 0x68_61_6e_73_61;

const NAME_BYTES = 6;
const SELECT_MARK = `SELECT m.epoch, m.mark, m.last_timeline, s.n
  FROM commit_marks m JOIN sequence s ON s.id = m.id`;

/** Another process has taken the database over. Nothing of this one will ever be committed again. */
export class LeaseLostError extends StoreUnavailableError {
  override readonly name = 'LeaseLostError';

  constructor(message: string) {
    super(message, { isFinal: true });
  }
}

/** What the database says of its last commit. */
export interface CommitMark {
  readonly mark: number;
  readonly position: number;
  readonly lastTimeline: number;
}

/** Where the database is, and how our statements are put to it. */
export interface Target {
  readonly client: ClientConfig;
  readonly texts: SqlTexts;
}

/**
 * The right to write, of one process at a time: a lock that the server holds for as long as the connection lives, and
 * an epoch. Who comes after a process that lost its connection raises the epoch, and every commit asks for it.
 */
export class Lease {
  readonly #target: Target;
  #connection: Connection;
  #epoch = 0;

  private constructor(target: Target, connection: Connection) {
    this.#target = target;
    this.#connection = connection;
  }

  /** Throws where another process holds the database, or where it is not durable. `prepare` makes the tables. */
  static async take(
    { client, texts }: Target,
    prepare: (connection: Connection) => Promise<void>,
  ): Promise<readonly [Lease, CommitMark]> {
    const name = `hansa ${randomBytes(NAME_BYTES).toString('hex')}`;
    const target = { client: { ...client, application_name: name }, texts };
    const connection = await connect(target);
    try {
      if (!(await claim(connection))) throw new Error('the database is in use by another process');
      await prepare(connection);
      const lease = new Lease(target, connection);
      await connection.run('UPDATE commit_marks SET epoch = epoch + 1');
      const row = await readMark(connection);
      lease.#epoch = integer(row, 'epoch');
      return [lease, toMark(row)];
    } catch (error) {
      await connection.end();
      throw error;
    }
  }

  get epoch(): number {
    return this.#epoch;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Connects again. The lock is had when the lost connection's transaction has ended, so what the mark says is final.
   * @throws LeaseLostError; an outage where there is no connection yet
   */
  async renew(): Promise<CommitMark> {
    const connection = await connect(this.#target);
    try {
      const mine = await claim(connection);
      const row = await readMark(connection);
      if (integer(row, 'epoch') !== this.#epoch) {
        throw new LeaseLostError('another process has taken the database over');
      }
      if (!mine) {
        await this.#endOthersOfMine(connection);
        throw new OutageError('the lost connection still holds the database');
      }
      this.#connection = connection;
      return toMark(row);
    } catch (error) {
      await connection.end();
      throw error;
    }
  }

  async release(): Promise<void> {
    await this.#connection.end();
  }

  /** The server may learn much later than we that a connection is dead. */
  async #endOthersOfMine(connection: Connection): Promise<void> {
    await connection.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = ? AND pid <> pg_backend_pid()`,
      [this.#target.client.application_name ?? null],
    );
  }
}

async function connect({ client, texts }: Target): Promise<Connection> {
  const connection = await Connection.open(client, texts);
  try {
    await requireDurable(connection);
    return connection;
  } catch (error) {
    await connection.end();
    throw error;
  }
}

async function claim(connection: Connection): Promise<boolean> {
  const { rows } = await connection.run('SELECT pg_try_advisory_lock(?)::int AS held', [LOCK]);
  return rows[0]?.['held'] === 1;
}

async function readMark(connection: Connection): Promise<Row> {
  const [row] = (await connection.run(SELECT_MARK)).rows;
  if (row === undefined) throw new Error('the database has no commit mark');
  return row;
}

function toMark(row: Row): CommitMark {
  return {
    mark: integer(row, 'mark'),
    position: integer(row, 'n'),
    lastTimeline: integer(row, 'last_timeline'),
  };
}
