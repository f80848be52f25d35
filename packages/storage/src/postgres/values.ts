import type { CustomTypesConfig } from 'pg';
import { types } from 'pg';
import type { SqlValue } from '../sql/part.ts';
import { fromStoredText, toStoredText } from './text-values.ts';

/** How columns are read: as `SqlValue`. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser(type, format) {
    if (type === types.builtins.INT8) return toInteger;
    if (type === types.builtins.TEXT) return fromStoredText;
    return types.getTypeParser(type, format) as unknown;
  },
};

function toInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond 2^53`);
  return value;
}

/** How parameters are sent. */
export function toParameters(values: readonly SqlValue[]): SqlValue[] {
  return values.map((value) => (typeof value === 'string' ? toStoredText(value) : value));
}
