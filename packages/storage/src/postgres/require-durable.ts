import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';
import { text, type Row } from '../sql/rows.ts';
import type { Connection } from './connection.ts';

/** What a server, a database or a role may be told to be, and nothing that was acknowledged would be safe. */
export const DURABILITY = `current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit`;

const SETTINGS = `SELECT ${DURABILITY}, current_setting('server_encoding') AS server_encoding`;

/** Refuses a database that answers COMMIT before it is on the disk, or that cannot hold every text. */
export async function requireDurable(connection: Connection): Promise<void> {
  const [row] = (await connection.run(SETTINGS)).rows;
  if (row === undefined) throw new Error('PostgreSQL says nothing of its settings');
  checkDurability(row);
  const encoding = text(row, 'server_encoding');
  if (encoding !== 'UTF8') {
    throw new Error(`the database has the encoding ${encoding}: create it with ENCODING 'UTF8'`);
  }
}

/** `row` has the columns of `DURABILITY`. */
export function checkDurability(row: Row): void {
  for (const setting of ['fsync', 'synchronous_commit']) {
    if (text(row, setting) !== 'off') continue;
    throw new StoreUnavailableError(
      `PostgreSQL has ${setting} = off, so it would lose what was acknowledged: set it to on`,
    );
  }
}
