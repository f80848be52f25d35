import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** Suites (`protocol`) or rows (`protocol/parse`); empty for all. */
  readonly names: readonly string[];
  /** Print one JSON document and nothing else. */
  readonly json: boolean;
  /** Exit by the goals. */
  readonly gate: boolean;
}

/** Throws a `TypeError` with a sentence for the user where there is a flag that nobody knows. */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
    },
  });
  return { names: positionals, json: values.json, gate: values.gate };
}
