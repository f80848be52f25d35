import { text } from '../sql/rows.ts';
import type { Connection } from './connection.ts';

/** What a server or a database may be told to be, and nothing that was acknowledged would be safe. */
const SETTINGS = `SELECT current_setting('fsync') AS fsync,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('server_encoding') AS server_encoding`;

/** Refuses a database that answers COMMIT before it is on the disk, or that cannot hold every text. */
export async function requireDurable(connection: Connection): Promise<void> {
  const [row] = (await connection.run(SETTINGS)).rows;
  if (row === undefined) throw new Error('PostgreSQL says nothing of its settings');
  for (const setting of ['fsync', 'synchronous_commit']) {
    if (text(row, setting) === 'off') {
      throw new Error(
        `PostgreSQL has ${setting} = off, so it would lose what was acknowledged: set it to on`,
      );
    }
  }
  const encoding = text(row, 'server_encoding');
  if (encoding !== 'UTF8') {
    throw new Error(`the database has the encoding ${encoding}: create it with ENCODING 'UTF8'`);
  }
}
