import { startWorkspace, StartError } from '@hansa/workspace';

/** A launcher hands on a signal that the terminal has sent to us already; that is no second wish. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a workspace in the foreground until SIGTERM or SIGINT; what was acknowledged is finished first. Who asks again
 * is not made to wait.
 */
export async function start(configFile: string): Promise<void> {
  const stopRequested = listenForStop();
  try {
    await using workspace = await startWorkspace(configFile);
    workspace.announce();
    await stopRequested;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
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
