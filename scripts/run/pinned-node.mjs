import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The product runs on this major version of Node, or a later one. */
const MAJOR = 24;

/**
 * The Node that the lockfile pins; where npm has no package of it for this platform, the one that runs this,
 * if it is new enough.
 * @returns {string | undefined}
 */
function findNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const pinned = join(root, 'node_modules', name, 'bin', file);
  if (existsSync(pinned)) return pinned;
  return Number(process.versions.node.split('.')[0]) >= MAJOR ? process.execPath : undefined;
}

/**
 * Runs the pinned Node from the root of the checkout, with this process's streams, and ends this process as it ended.
 * @param {readonly string[]} args
 */
export function runPinned(args) {
  const node = findNode();
  if (node === undefined) {
    process.stderr.write(
      `npm has no package of Node ${MAJOR} for ${process.platform}-${process.arch}: ` +
        `install Node ${MAJOR} or later yourself (this is ${process.versions.node}).\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
  });
  // A Ctrl-C reaches the child by itself; a signal sent to this process alone is handed on.
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  process.on('SIGINT', () => {});
  child.on('error', (error) => {
    throw error;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (code === null) process.stderr.write(`Ended by ${signal}.\n`);
  });
}
