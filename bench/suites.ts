import { protocolRows } from './protocol/index.ts';
import type { Row } from './row.ts';
import { localSendRows } from './workloads/local-send.ts';

const suites: ReadonlyMap<string, readonly Row[]> = new Map([
  ['protocol', protocolRows],
  ['W1', localSendRows],
]);

/** Rows of the suites and rows that are named, all rows for no names. Throws a `RangeError` for a name of neither. */
export function selectRows(names: readonly string[]): readonly Row[] {
  const all = [...suites.values()].flat();
  if (names.length === 0) return all;
  return names.flatMap((name) => {
    const rows = suites.get(name) ?? all.filter((row) => row.id === name);
    if (rows.length > 0) return rows;
    const known = [...suites.keys(), ...all.map((row) => row.id)].join(', ');
    throw new RangeError(`There is no suite or row "${name}". There are: ${known}.`);
  });
}
