import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '@hansa/testkit';
import { KeepAliveClient } from './keep-alive-client.ts';

const EVERY_MS = 2;

/** Starts the process; answers after how many milliseconds it answered an HTTP request for the first time. */
export async function startToFirstAnswer(process: ServerProcess, url: string): Promise<number> {
  using client = new KeepAliveClient(url, '');
  const start = performance.now();
  const ready = process.resume();
  // Who does not start at all says so there.
  ready.catch(() => {});
  const ended = ready.then(
    () => false,
    () => true,
  );
  for (;;) {
    const answered = await client.exchange('GET', '/_matrix/client/versions').then(
      () => true,
      () => false,
    );
    if (answered) break;
    if (await Promise.race([ended, sleep(EVERY_MS, false)])) break;
  }
  const durationMs = performance.now() - start;
  await ready;
  return durationMs;
}
