import { startWorkspace } from '@hansa/workspace';
import { orExplain } from './or-explain.ts';

/** A launcher hands on a signal that the terminal has sent to us already; that is no second wish. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a workspace in the foreground until SIGTERM or SIGINT; what was acknowledged is finished first. Who asks again
 * is not made to wait.
 */
export async function start(configFile: string): Promise<void> {
  const stopRequested = listenForStop();
  await orExplain(async () => {
    await using workspace = await startWorkspace(configFile, { environment: process.env });
    workspace.announce();
    await stopRequested;
  });
}

function listenForStop(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let requestedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      requestedAt ??= now;
      if (now - requestedAt > SAME_SIGNAL_MS) process.exit(1);
      resolve();
    });
  }
  return promise;
}
