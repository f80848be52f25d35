import { parseArgs } from 'node:util';
import { prepare } from '../setup/prepare.ts';
import { formatTally } from '../test/tally.ts';
import { formatProgress, isDone } from './progress.ts';
import { listPropertyFiles } from './property-files.ts';
import { Search } from './search.ts';

// `npm run test:long -- [--minutes N] [--seed S] [--part WORD]`: every property up to its goal, or as far as the minutes go.
const USAGE = 'Usage: npm run test:long -- [--minutes N] [--seed S] [--part WORD]';
/**
 * What a case takes at most that begins just before the minutes are over, and vitest to end after it: servers that are
 * killed have been started before, and are stopped after.
 */
const GRACE_MS = 45_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: process.env['HANSA_SEED'] ?? String(Date.now() % 1e9) },
    part: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !/^\d{1,9}$/.test(values.seed)) {
  console.error(USAGE);
  process.exit(1);
}
const endsAt = performance.now() + minutes * 60_000;
const files = (await listPropertyFiles()).filter((path) => path.includes(values.part));
if (files.length === 0) {
  console.error(`No file with properties has "${values.part}" in its path. ${USAGE}`);
  process.exit(1);
}
const stop = new AbortController();
const ended = minutes === Infinity ? 'no end but the goals' : `${minutes} minutes`;
console.log(`HANSA_SEED=${seed}, ${files.length} files, ${ended}`);

const { env } = await prepare(['synapse', 'contract', 'postgres', 'strace'], (line) =>
  console.log(line),
);
const timer =
  endsAt === Infinity
    ? undefined
    : setTimeout(() => stop.abort(), Math.max(0, endsAt + GRACE_MS - performance.now()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stop.abort();
    process.exit(1);
  });
}
const search = new Search({
  files,
  seed,
  endsAt,
  env,
  signal: stop.signal,
  print: (line) => console.log(line),
});
await search.run();
clearTimeout(timer);

const [done, short] = [
  search.properties.filter(isDone),
  search.properties.filter((each) => !isDone(each)),
];
console.log('\nHow far each came:');
for (const each of done) console.log(formatProgress(each));
if (short.length > 0) {
  const all = search.properties.length;
  console.log(`\nSHORT of the goal, because the time was over: ${short.length} of ${all}`);
  for (const each of short) console.log(formatProgress(each));
}
for (const line of search.cutOff) console.log(line);
console.log(`\n${formatTally(search.tally)}`);
process.exitCode = search.tally.failed > 0 ? 1 : 0;
