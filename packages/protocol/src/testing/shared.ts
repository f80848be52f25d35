import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file or folder of test data beside the checkout, or `undefined` where it is absent. */
export interface SharedData {
  readonly path: string;
  readonly missing: boolean;
}

/**
 * Finds `../shared/vectors/<path>`, seen from the root of the repository. Tests that need it stand in
 * `describe.skipIf(data.missing)`; an absent one is said once on stderr, so that nobody takes the skip for a pass.
 */
export function sharedVectors(path: string): SharedData {
  const found = fileURLToPath(new URL(`../../../../../shared/vectors/${path}`, import.meta.url));
  const missing = !existsSync(found);
  if (missing) process.stderr.write(`SKIPPED: test data is absent: ../shared/vectors/${path}\n`);
  return { path: found, missing };
}
