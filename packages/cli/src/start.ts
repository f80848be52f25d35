import { startWorkspace } from '@hansa/workspace';
import { giveBackMemory } from './give-back-memory.ts';
import { orExplain } from './or-explain.ts';

/** A launcher hands on a signal that the terminal has sent to us already; that is no second wish. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a workspace in the foreground until SIGTERM or SIGINT; what was acknowledged is finished first. Who asks again
 * is not made to wait. Where nothing can be stored any more it ends as a failure, so that a service manager starts it
 * again, on what the disk has.
 */
export async function start(configFile: string): Promise<void> {
  const stopRequested = listenForStop();
  await orExplain(async () => {
    await using workspace = await startWorkspace(configFile, { environment: process.env });
    workspace.announce();
    void giveBackMemory();
    const fault = await Promise.race([stopRequested, workspace.lost]);
    if (fault !== undefined) throw fault;
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
