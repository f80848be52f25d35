import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openRooms, registerPeople } from './demo-people.ts';
import { startDemoWorkspaces } from './demo-workspaces.ts';
import { guide } from './guide.ts';
import { smoke } from './smoke.ts';

const USAGE =
  'Usage: npm run demo, or npm run demo -- --smoke to have the conversation checked. Ctrl+C ends it.';

const values = parseArguments();
const print = (line: string) => console.log(line);

const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<'interrupted'>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupt('interrupted'));
}

if (values.help) print(USAGE);
else process.exitCode = await run();
process.exit();

/** Answers a word that nobody knows with a sentence, not with a stack trace. */
function parseArguments() {
  try {
    const flag = { type: 'boolean', default: false } as const;
    return parseArgs({ options: { smoke: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    process.exit(1);
  }
}

/** Answers the exit code. */
async function run(): Promise<number> {
  const outcome = await untilEnd();
  if (outcome !== 'interrupted') return outcome ? 0 : 1;
  print('Stopped.');
  return values.smoke ? 1 : 0;
}

/** Whatever ends it, also while it starts: no process and no file is left. */
async function untilEnd(): Promise<boolean | 'interrupted'> {
  await using running = new AsyncDisposableStack();
  const work = values.smoke ? check(running) : showAround(running);
  const outcome = await Promise.race([work, interrupted]);
  // What an interruption takes the ground from has nobody to tell.
  work.catch(() => {});
  if (outcome === 'interrupted') print('Stopping both workspaces …');
  return outcome;
}

async function showAround(running: AsyncDisposableStack): Promise<'interrupted'> {
  const [harbour, lighthouse] = await start(running);
  print('Registering four people and opening three rooms …');
  const people = await registerPeople(harbour, lighthouse);
  const rooms = await openRooms(people, harbour);
  print(guide({ harbour, lighthouse, people, rooms }));
  return interrupted;
}

async function check(running: AsyncDisposableStack): Promise<boolean> {
  const [harbour, lighthouse] = await start(running);
  return smoke(harbour, lighthouse, print);
}

async function start(running: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-demo-'));
  const files = running.adopt({ written: Promise.resolve<unknown>(undefined) }, async (all) => {
    // Nothing is written after it is removed.
    await Promise.allSettled([all.written]);
    await rm(folder, { recursive: true, force: true });
  });
  const starting = startDemoWorkspaces(folder, running, print);
  files.written = starting;
  return starting;
}
