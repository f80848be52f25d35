import { once } from 'node:events';
import { ConfigError, startWorkspace } from '@hansa/workspace';

/** Runs a workspace in the foreground until SIGTERM or SIGINT; what was acknowledged is finished first. */
export async function start(configFile: string): Promise<void> {
  const stopRequested = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  try {
    await using workspace = await startWorkspace(configFile);
    workspace.announce();
    await stopRequested;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
