import { figuresOf } from './measure-row.ts';
import { protocolRows } from './protocol/index.ts';
import type { Row } from './row.ts';
import { catchUpRows } from './workloads/catch-up.ts';
import { deliveryRow, deliverySynapseRow } from './workloads/delivery.ts';
import { fanOutRows } from './workloads/fan-out.ts';
import { isolationRows } from './workloads/isolation.ts';
import { joinRows } from './workloads/join.ts';
import { localSendRows } from './workloads/local-send.ts';
import { memoryRows } from './workloads/memory.ts';
import { receiveRow } from './workloads/receive.ts';
import { stateBytesRow } from './workloads/state-bytes.ts';
import { startRows } from './workloads/start.ts';

const suites: ReadonlyMap<string, readonly Row[]> = new Map([
  ['protocol', protocolRows],
  ['W1', localSendRows],
  ['W2', [deliveryRow, deliverySynapseRow]],
  ['receive', [receiveRow]],
  ['W3', joinRows],
  ['W5', fanOutRows],
  ['W6', catchUpRows],
  ['W8', memoryRows],
  ['W9', startRows],
  ['disk', [stateBytesRow]],
  ['isolation', isolationRows],
]);

/** What is measured where nobody says what. */
const QUICK = ['W1', 'W2', 'W9'];

/**
 * Rows of the suites, rows and figures that are named; those of the quick set for no names. Throws a `RangeError` for a name
 * of none.
 */
export function selectRows(names: readonly string[]): readonly Row[] {
  const all = [...suites.values()].flat();
  const selected = (names.length === 0 ? QUICK : names).flatMap((name) => {
    const named = (row: Row): boolean => figuresOf(row).some(({ id }) => id === name);
    const rows = suites.get(name) ?? all.filter(named);
    if (rows.length > 0) return rows;
    const known = [...suites.keys(), ...all.flatMap(figuresOf).map(({ id }) => id)].join(', ');
    throw new RangeError(`There is no suite or row "${name}". There are: ${known}.`);
  });
  return [...new Set(selected)];
}
