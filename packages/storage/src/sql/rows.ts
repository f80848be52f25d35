import type { SqlValue } from './part.ts';

export type Row = Readonly<Record<string, SqlValue>>;

/** Reading by SQL text with `?` for parameters, as all our databases do it. */
export interface Rows {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  first(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
}

/** A column that the schema says is text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw mismatch(column, 'text');
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw mismatch(column, 'an integer');
  return value;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw mismatch(column, 'bytes');
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

function mismatch(column: string, wanted: string): TypeError {
  return new TypeError(`column ${column} is not ${wanted}`);
}
