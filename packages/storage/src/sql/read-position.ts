import { integer, type Rows } from './rows.ts';

/** The last position that was given out; 0 before the first. */
export async function readPosition(rows: Rows): Promise<number> {
  const row = await rows.first('SELECT n FROM sequence');
  return row === undefined ? 0 : integer(row, 'n');
}
