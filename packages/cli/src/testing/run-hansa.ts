import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/hansa.mjs', import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
  /** The line that says that it is ready, parsed. */
  readonly ready: Promise<Record<string, unknown>>;
}

export interface RunOptions {
  /** The Node that runs the launcher: this one unless given. */
  readonly node?: string | undefined;
  readonly variables?: Readonly<Record<string, string>>;
  /** What is piped in; nothing unless given. */
  readonly input?: string;
}

/** Without what tests read from the environment, which a workspace would take for settings. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('HANSA_')),
);

const processes = new Set<ChildProcess>();

/** The launcher, in a process of its own. */
export function hansa(args: readonly string[], options: RunOptions = {}): Run {
  const { node = process.execPath, variables = {}, input = '' } = options;
  const child = spawn(node, [LAUNCHER, ...args], {
    env: { ...ENVIRONMENT, ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, as a terminal makes one of what it starts.
    detached: true,
  });
  processes.add(child);
  // Who does not read it may have ended.
  child.stdin.on('error', () => {}).end(input);
  const { promise: ready, resolve } = Promise.withResolvers<Record<string, unknown>>();
  let [out, err] = ['', ''];
  createInterface({ input: child.stdout }).on('line', (line) => {
    out += `${line}\n`;
    if (line.includes('"ready"')) resolve(JSON.parse(line) as Record<string, unknown>);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, ready };
}

/** Of what a test left running. */
export async function endAll(): Promise<void> {
  for (const child of processes) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    process.kill(-Number(child.pid), 'SIGKILL');
    await once(child, 'exit');
  }
  processes.clear();
}
