import { parseArgs } from 'node:util';
import { prepare } from '../setup/prepare.ts';
import { addTallies, formatTally, type Tally } from '../test/tally.ts';
import { parts } from './parts.ts';

// `npm run test:long -- --minutes N [--seed S] [--part WORD]`: divides the minutes among the parts.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    part: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run test:long -- --minutes N [--seed S] [--part WORD]');
  process.exit(1);
}
const chosen = parts.filter(({ name }) => name.includes(values.part));
if (chosen.length === 0) {
  console.error(
    `No such part: ${values.part}. There are: ${parts.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}
const { env } = await prepare(['synapse', 'contract'], (line) => console.log(line));
const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);

const tallies: Tally[] = [];
for (const { name, weight, run } of chosen) {
  const share = (minutes * weight) / weights;
  console.log(`\n── ${name}: ${share.toFixed(1)} minutes, seed ${seed}`);
  tallies.push(await run({ minutes: share, seed, env }));
}
const total = addTallies(tallies);
console.log(`\n${formatTally(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
