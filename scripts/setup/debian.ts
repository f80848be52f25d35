import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import type { Say } from './provision.ts';

/** Installs Debian packages where this process may: as root, where there is an `apt-get`. Answers whether it did. */
export async function installDebian(packages: readonly string[], say: Say): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]) => runCaptured('apt-get', args, { cwd: root, env });

  if ((await aptGet('--version')).code !== 0) return false;
  say(`apt-get install ${packages.join(' ')} …`);
  // An old list is better than none: the installation itself decides.
  await aptGet('update');
  const { code, stderr } = await aptGet('install', '--yes', '--no-install-recommends', ...packages);
  if (code !== 0) say(stderr);
  return code === 0;
}
