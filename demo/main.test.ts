import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-demo-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the demo until it says something, and interrupts it then. */
async function runUntil(words: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [MAIN], {
    // What Node compiled is kept on purpose, so elsewhere.
    env: {
      ...process.env,
      TMPDIR: folder,
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    if (line.includes(words)) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.join('\n') };
}

describe('the demo', () => {
  it.each([
    ['SIGINT', 'Ctrl+C ends both'],
    ['SIGINT', 'Starting the workspaces'],
    ['SIGTERM', 'Registering four people'],
  ] as const)('ends by %s at "%s…", and leaves nothing', async (signal, words) => {
    const { code, said } = await runUntil(words, signal);
    expect(said).toMatch(/Stopping both workspaces …\nStopped\.$/);
    expect(code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says how it is used when it is asked', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--help']);
    expect(stdout).toMatch(/^Usage: npm run demo[^\n]*\n$/);
  });

  it('says how it is used where it is not understood', async () => {
    const failure = await run(process.execPath, [MAIN, '--smoek']).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Unknown option '--smoek'[^\n]*\nUsage: npm run demo[^\n]*\n$/,
      ),
    });
  });
});
