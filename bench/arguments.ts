import { parseArgs } from 'node:util';
import type { Peer } from './row.ts';

export interface BenchArguments {
  /** Suites (`protocol`) or rows (`protocol/parse`); empty for all. */
  readonly names: readonly string[];
  /** Print one JSON document and nothing else. */
  readonly json: boolean;
  /** Exit by the goals. */
  readonly gate: boolean;
  /** How many pairs of blocks in place of each row's own number: fewer for a look, more for a busy machine. */
  readonly pairs: number | undefined;
  /** Whom to start besides, and compare with. */
  readonly against: ReadonlySet<Peer>;
}

/** Throws a `TypeError` with a sentence for the user where there is a flag that nobody knows, or its value makes no sense. */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
      pairs: { type: 'string' },
      against: { type: 'string', multiple: true, default: [] },
    },
  });
  const { json, gate, pairs, against } = values;
  return {
    names: positionals,
    json,
    gate,
    pairs: pairs === undefined ? undefined : count(pairs),
    against: new Set(against.map(peer)),
  };
}

function peer(name: string): Peer {
  if (name === 'synapse') return name;
  throw new TypeError(`--against takes synapse, and not "${name}".`);
}

function count(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new TypeError(`--pairs takes a number from 1 to 999, and "${text}" is none.`);
}
