#!/usr/bin/env node
// Plain JavaScript that any Node runs: on the Node that the project needs it goes on, on an older one it hands over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const ownMajor = Number(process.versions.node.split('.')[0]);
const main = new URL('../src/main.ts', import.meta.url);

if (ownMajor >= NEEDED_MAJOR) await import(main.href);
else handOver(fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url)));

/** @param {string} pinnedNode */
function handOver(pinnedNode) {
  if (!existsSync(pinnedNode)) {
    console.error(
      `hansa needs Node ${NEEDED_MAJOR}, and this is Node ${process.versions.node}. ` +
        `Run "npm install" in the project's folder: it brings its own.`,
    );
    process.exit(1);
  }
  const child = spawn(pinnedNode, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
