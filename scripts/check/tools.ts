import { join } from 'node:path';
import { root } from '../process/root.ts';

/** Each tool by its path: `.bin/tsc` is TypeScript 6 or 7, whichever npm linked last. */
const inModules = (path: string): string => join(root, 'node_modules', path);

export const tools = {
  format: inModules('oxfmt/bin/oxfmt'),
  lint: inModules('oxlint/bin/oxlint'),
  types: inModules('typescript7/bin/tsc'),
  boundaries: inModules('dependency-cruiser/bin/dependency-cruiser.mjs'),
  deadCode: inModules('knip/bin/knip.js'),
} as const;
