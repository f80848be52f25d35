import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';
import { seedsOf } from './seeds-of.ts';

// `npm run sim -- [--seeds N] [--seed S] [--minutes M] [--trace]`: N seeds derived from S, or S alone.
const USAGE = 'Usage: npm run sim -- [--seeds N] [--seed S] [--minutes M] [--trace]';
const DEFAULT_SEEDS = 120;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string', default: 'Infinity' },
    trace: { type: 'boolean', default: false },
  },
});
const wanted = values.seeds ?? (values.seed === undefined ? String(DEFAULT_SEEDS) : undefined);
const first = values.seed ?? process.env['HANSA_SEED'] ?? String(Date.now() % 1e9);
const minutes = Number(values.minutes);
if (!isWhole(first) || (wanted !== undefined && !isWhole(wanted)) || !(minutes > 0)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(1);
}
const seeds = wanted === undefined ? [Number(first)] : seedsOf(Number(first), Number(wanted));
const endsAt = performance.now() + minutes * 60_000;
if (wanted !== undefined) say(`sim: ${wanted} seeds of ${first}`);

let done = 0;
const broken: number[] = [];
for (const seed of seeds) {
  if (performance.now() >= endsAt) break;
  const { faults, hash, lengthMs } = await simulate(
    seed,
    values.trace ? { print: (line) => say(line) } : {},
  );
  done += 1;
  if (faults.length > 0) {
    broken.push(seed);
    say(`sim: seed ${seed} is broken\n  ${faults.join('\n  ')}`);
    say(`  again: npm run sim -- --seed ${seed} --trace`);
  } else if (wanted === undefined) {
    const seconds = Math.round(lengthMs / 1_000);
    say(`sim: seed ${seed} holds, ${seconds} s of virtual time, trace ${hash}`);
  }
}
const number = (value: number): string => value.toLocaleString('en');
say(`sim: ${number(done)} of ${number(seeds.length)}, ${broken.length} broken`);
process.exitCode = broken.length > 0 ? 1 : 0;

function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
