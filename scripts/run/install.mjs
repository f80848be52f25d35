import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What npm leaves behind when an installation is complete. */
const INSTALLED = 'node_modules/.package-lock.json';

/**
 * Runs `npm ci` where `node_modules` is missing or older than the lockfile. Says so on stderr, for stdout may be
 * data; with `quiet` only a failure is told.
 * @param {{ quiet: boolean }} options
 */
export function installIfStale({ quiet }) {
  const installed = modifiedAtMs(INSTALLED);
  if (installed !== undefined && installed >= (modifiedAtMs('package-lock.json') ?? 0)) return;

  if (!quiet) {
    const why = installed === undefined ? 'are missing' : 'are older than package-lock.json';
    process.stderr.write(`Dependencies ${why}: npm ci …\n`);
  }
  const started = Date.now();
  // Any Node installs what the pinned one runs, so npm's warning about engines says nothing here.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`npm ci failed: ${error?.message ?? ''}\n${stdout ?? ''}${stderr ?? ''}`);
    process.exit(1);
  }
  if (!quiet) {
    process.stderr.write(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.\n`);
  }
}

/** @param {string} path @returns {number | undefined} */
function modifiedAtMs(path) {
  return statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs;
}
