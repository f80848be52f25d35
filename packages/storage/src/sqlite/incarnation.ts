import { randomBytes } from 'node:crypto';
import { text } from '../sql/rows.ts';
import type { Connection } from './connection.ts';

const NAME_BYTES = 6;

/** The name of this database, given when it was made. */
export function readIncarnation(connection: Connection, newName: string = randomName()): string {
  connection.run('INSERT OR IGNORE INTO incarnations (id, name) VALUES (1, ?)', [newName]);
  const row = connection.first('SELECT name FROM incarnations', []);
  if (row === undefined) throw new Error('the database has no incarnation');
  return text(row, 'name');
}

function randomName(): string {
  return randomBytes(NAME_BYTES).toString('hex');
}
