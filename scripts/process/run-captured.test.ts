import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { root } from './root.ts';
import { runCaptured } from './run-captured.ts';

/** Starts a process like itself, which calls a port and stays. */
function parentOf(port: number): string {
  const child = `require('node:net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`;
  return `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
    setInterval(() => {}, 1000);
  `;
}

it('kills by the signal what was started, and what that started', async () => {
  const stop = new AbortController();
  const ended = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    // A process that is killed hangs up, with or without a word.
    socket.on('error', () => {}).on('close', () => ended.resolve());
    socket.resume();
    stop.abort();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { cwd: root, signal: stop.signal };
  const { code } = await runCaptured(process.execPath, ['-e', parentOf(port)], options);
  expect(code).toBe(1);
  expect(stop.signal.aborted).toBe(true);
  await ended.promise;
  server.close();
});
