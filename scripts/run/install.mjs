import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What npm leaves behind when an installation is complete. */
const INSTALLED = join(root, 'node_modules/.package-lock.json');
/** Holds the id of the process that installs. Where it is left behind, `node_modules` is not to be trusted. */
const INSTALLING = join(root, '.cache/installing');

const LOOK_AGAIN_MS = 500;
const PROGRESS_EVERY_MS = 10_000;
const INTERRUPTED = 130;

/**
 * Runs `npm ci` where `node_modules` is missing, older than the lockfile, or left half installed; where another
 * command is at it, waits for that one. Says so on stderr, for stdout may be data; with `quiet` only a failure is told.
 * @param {{ quiet: boolean }} options
 */
export async function installIfStale({ quiet }) {
  const say = (/** @type {string} */ line) => quiet || process.stderr.write(`${line}\n`);
  for (let told = false; ; told = true) {
    const why = whyStale();
    if (why === undefined) return;
    if (begin()) return install(why, say);
    if (!told) say('Another command is installing the dependencies: waiting for it …');
    await sleep(LOOK_AGAIN_MS);
  }
}

/** @returns {string | undefined} */
function whyStale() {
  if (modifiedAtMs(INSTALLING) !== undefined) return 'were left half installed';
  const installedAtMs = modifiedAtMs(INSTALLED);
  if (installedAtMs === undefined) return 'are missing';
  const isOlder = installedAtMs < (modifiedAtMs(join(root, 'package-lock.json')) ?? 0);
  return isOlder ? 'are older than package-lock.json' : undefined;
}

/** Whether this process is the one that installs now. */
function begin() {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const own = `${INSTALLING}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    if (modifiedAtMs(INSTALLING) !== undefined && !isAlive(readInstaller())) rmSync(INSTALLING);
    // A link is there whole or not at all, and for one alone.
    linkSync(own, INSTALLING);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * @param {string} why
 * @param {(line: string) => void} say
 */
async function install(why, say) {
  say(`Dependencies ${why}: npm ci …`);
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  const progress = setInterval(() => say(`npm ci … ${seconds()} s`), PROGRESS_EVERY_MS);
  const { code, output, isInterrupted } = await npmCi();
  clearInterval(progress);
  if (isInterrupted) {
    say('Interrupted: the next command installs again.');
    process.exit(INTERRUPTED);
  }
  rmSync(INSTALLING, { force: true });
  if (code !== 0) {
    process.stderr.write(`npm ci failed: ${output}`);
    process.exit(1);
  }
  say(`Installed in ${seconds()} s.`);
}

/**
 * A Ctrl-C reaches npm too; this process waits for it to end, so that no npm goes on behind the next command's back.
 * @returns {Promise<{ code: number | null, output: string, isInterrupted: boolean }>}
 */
async function npmCi() {
  // Any Node installs what the pinned one runs, so npm's warning about engines says nothing here.
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  let isInterrupted = false;
  const interrupt = () => {
    child.kill(isInterrupted ? 'SIGKILL' : 'SIGTERM');
    isInterrupted = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('close', resolve);
  });
  const code = await ended;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
  return { code, output, isInterrupted };
}

function readInstaller() {
  try {
    return Number(readFileSync(INSTALLING, 'utf8'));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file @returns {number | undefined} */
function modifiedAtMs(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
