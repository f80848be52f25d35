import { prepare } from '../setup/prepare.ts';
import { runSuite } from './run-suite.ts';
import { runVitest } from './run-vitest.ts';
import { addTallies, formatTally, isEmpty, type Tally } from './tally.ts';

// `npm test [-- FILE …]`: everything that must hold, or the tests in files whose path has one of the words.
/** Suites that start real programs. Each ends with a closing line of its own. */
const SUITES = [
  { name: 'demo', args: ['demo/main.ts', '--smoke'] },
  { name: 'interop', args: ['interop/main.ts'] },
];

const words = process.argv.slice(2);
const setUpFrom = performance.now();
const { env, missing } = await prepare(['synapse', 'contract', 'postgres', 'strace'], (line) =>
  console.log(line),
);
const setUp = secondsSince(setUpFrom);

const tallies: Tally[] = [];
const rows: string[] = [];
await runPart('vitest', () => runVitest(words, env, { mayBeEmpty: true }));
for (const { name, args } of words.length === 0 ? SUITES : []) {
  await runPart(name, () => runSuite(args, env));
}

const total = addTallies(tallies);
console.log(`\nset-up ${setUp}\n${rows.join('\n')}`);
for (const sentence of missing) console.log(`SKIPPED: ${sentence}`);
const hasSkipped = total.skipped > 0 || missing.length > 0;
if (hasSkipped && process.env['CI']) console.log('In CI a skipped test is a failed one.');
if (isEmpty(total)) console.log(`No test is in a file whose path has ${words.join(' or ')}.`);
console.log(formatTally(total));
process.exitCode = isEmpty(total) || total.failed > 0 || (hasSkipped && process.env['CI']) ? 1 : 0;

async function runPart(name: string, run: () => Promise<Tally>): Promise<void> {
  console.log(`\n── ${name}`);
  const from = performance.now();
  const tally = await run();
  tallies.push(tally);
  rows.push(`${name} ${secondsSince(from)}: ${formatTally(tally)}`);
}

function secondsSince(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
